import type { Page } from 'playwright-core';

/** A moment at which something began, on `performance.now()` of the page. */
export interface Flash {
  readonly whiteAtMs: number;
  /** When it was sent on to the loudspeaker, which lets it be heard `outputMs` later. */
  readonly loudAtMs: number;
  readonly outputMs: number;
}

/** To be called before any sound is opened: listens in on what the page sends to its loudspeakers. */
export async function listenIn(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const connect = Reflect.get(AudioNode.prototype, 'connect') as (to: AudioNode) => AudioNode;
    Object.assign(AudioNode.prototype, {
      connect(this: AudioNode, to: AudioNode) {
        if (to === this.context.destination) {
          const analyser = new AnalyserNode(this.context, { fftSize: 256 });
          connect.call(this, analyser);
          Object.assign(window, { heard: analyser });
        }
        return connect.call(this, to);
      },
    });
  });
}

/** How loud the page is at this moment: the largest sample of the last 5 ms. */
export function readLoudness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const analyser = (window as { heard?: AnalyserNode }).heard;
    if (analyser === undefined) return 0;
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    return Math.max(...samples.map(Math.abs));
  });
}

/** Waits for a moment at which the canvas turns white and one at which sound begins, of one flash. */
export function watchFlash(page: Page): Promise<Flash> {
  return page.evaluate(async () => {
    const analyser = (window as { heard?: AnalyserNode }).heard;
    const canvas = document.querySelector('canvas');
    const copy = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    if (analyser === undefined || canvas === null || copy === null) throw new Error('not playing');
    const samples = new Float32Array(analyser.fftSize);
    const isLoud = (): boolean => {
      analyser.getFloatTimeDomainData(samples);
      return samples.some((sample) => Math.abs(sample) > 0.1);
    };
    const isWhite = (): boolean => {
      copy.drawImage(canvas, canvas.width - 8, 4, 1, 1, 0, 0, 1, 1);
      return copy
        .getImageData(0, 0, 1, 1)
        .data.subarray(0, 3)
        .every((value) => value > 200);
    };
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));
    let [white, loud] = [isWhite(), isLoud()];
    let [whiteAtMs, loudAtMs] = [0, 0];
    while (whiteAtMs === 0 || loudAtMs === 0 || Math.abs(whiteAtMs - loudAtMs) > 400) {
      await pause();
      const [wasWhite, wasLoud] = [white, loud];
      [white, loud] = [isWhite(), isLoud() || (loud && performance.now() - loudAtMs < 150)];
      if (white && !wasWhite) whiteAtMs = performance.now();
      if (loud && !wasLoud) loudAtMs = performance.now();
    }
    const { baseLatency, outputLatency } = analyser.context as AudioContext;
    return { whiteAtMs, loudAtMs, outputMs: (baseLatency + outputLatency) * 1000 };
  });
}
