import type { Page } from 'playwright-core';

export interface PlayedMovie {
  /** `ended`, `stalled`, or the error. */
  readonly outcome: string;
  readonly endedAt: number;
  readonly duration: number;
  /** Sizes that the decoder gave, `WxH`, in the order in which they came. */
  readonly sizes: readonly string[];
  /** Share of the samples that were loud, from the first loud one on. */
  readonly loudShare: number;
  readonly firstLoudAt: number;
  readonly frames: number;
}

/** Plays a media file of the page's origin from start to end at a speed, and listens to it. */
export async function playMovie(page: Page, url: string, rate = 1): Promise<PlayedMovie> {
  return await page.evaluate(
    async ([source, speed]) => {
      const video = document.createElement('video');
      video.crossOrigin = 'anonymous';
      video.src = source;
      document.body.append(video);
      const sizes: string[] = [];
      video.onresize = () => sizes.push(`${video.videoWidth}x${video.videoHeight}`);
      const context = new AudioContext();
      const analyser = new AnalyserNode(context, { fftSize: 2048 });
      context.createMediaElementSource(video).connect(analyser).connect(context.destination);
      const samples = new Float32Array(analyser.fftSize);
      const heard: { readonly at: number; readonly loud: boolean }[] = [];
      const listen = setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
        if (!video.paused && !video.seeking)
          heard.push({ at: video.currentTime, loud: Math.sqrt(power) > 0.05 });
      }, 200);
      const outcome = await new Promise<string>((resolve) => {
        video.onended = () => resolve('ended');
        video.onerror = () => resolve(`error ${video.error?.message ?? ''}`);
        let last = -1;
        let since = performance.now();
        setInterval(() => {
          if (video.currentTime !== last) [last, since] = [video.currentTime, performance.now()];
          else if (performance.now() - since > 20_000) resolve('stalled');
        }, 500);
        video.defaultPlaybackRate = speed;
        video.playbackRate = speed;
        video.play().catch((error: unknown) => resolve(String(error)));
      });
      clearInterval(listen);
      const first = heard.findIndex(({ loud }) => loud);
      const rest = first === -1 ? [] : heard.slice(first);
      return {
        outcome,
        endedAt: video.currentTime,
        duration: video.duration,
        sizes,
        loudShare: rest.length === 0 ? 0 : rest.filter(({ loud }) => loud).length / rest.length,
        firstLoudAt: rest[0]?.at ?? -1,
        frames: video.getVideoPlaybackQuality().totalVideoFrames,
      };
    },
    [url, rate] as const,
  );
}
