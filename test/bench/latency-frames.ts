import type { Page } from 'playwright-core';

/** One frame as a page presented it; epoch milliseconds of the machine. */
export interface SeenFrame {
  /** Counter of the source, modulo 2^20. */
  readonly frame: number;
  readonly paintedAtMs: number;
  /** When the browser's network process had the frame's last packet; null where it does not tell. */
  readonly receivedAtMs: number | null;
  /** How long the decoder took; null where the browser does not tell. */
  readonly decodeMs: number | null;
  /** When the page's code could read it. */
  readonly seenAtMs: number;
}

/** What a page's video showed in a while. */
export interface FrameRecord {
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  readonly frames: readonly SeenFrame[];
  /** When each frame was presented, legible or not; epoch milliseconds. */
  readonly presentedAtMs: readonly number[];
  /** Presented frames without a legible time code. */
  readonly illegible: number;
}

/**
 * Reads the time code (see `test/support/browser/time-code.ts`) of every frame that a playing video
 * presents for so long. The clock is read first, before the picture is looked at.
 */
export function recordFrames(page: Page, selector: string, seconds: number): Promise<FrameRecord> {
  return page.evaluate(
    async ({ selector, seconds }) => {
      const video = document.querySelector<HTMLVideoElement>(selector);
      if (video === null) throw new Error(`no ${selector} in the page`);
      const columns = 64;
      const canvas = new OffscreenCanvas(columns, 2);
      const brush = canvas.getContext('2d', { willReadFrequently: true });
      if (brush === null) throw new Error('no 2d canvas');
      // The middle pixel of each block, not the mean of some.
      brush.imageSmoothingEnabled = false;
      const readCode = (): bigint | null => {
        const rows = (2 * video.videoWidth) / columns;
        brush.drawImage(video, 0, 0, video.videoWidth, rows, 0, 0, columns, 2);
        const { data } = brush.getImageData(0, 0, columns, 2);
        let code = 0n;
        for (let column = 0; column < columns; column += 1) {
          const upper = data[column * 4 + 1] ?? 0;
          const lower = data[(columns + column) * 4 + 1] ?? 0;
          if (Math.abs(upper - lower) < 60) return null;
          code = (code << 1n) | (upper > lower ? 1n : 0n);
        }
        return code;
      };
      const frames: {
        frame: number;
        paintedAtMs: number;
        receivedAtMs: number | null;
        decodeMs: number | null;
        seenAtMs: number;
      }[] = [];
      const presentedAtMs: number[] = [];
      let illegible = 0;
      const startedAt = performance.now();
      await new Promise<void>((resolve) => {
        const next = (_now: number, metadata: VideoFrameCallbackMetadata): void => {
          const seenAtMs = Date.now();
          if (performance.now() - startedAt > seconds * 1000) {
            resolve();
            return;
          }
          video.requestVideoFrameCallback(next);
          presentedAtMs.push(seenAtMs);
          const code = readCode();
          if (code === null) {
            illegible += 1;
            return;
          }
          const { receiveTime, processingDuration } = metadata;
          frames.push({
            frame: Number(code & 0xfffffn),
            paintedAtMs: Number(code >> 20n),
            receivedAtMs: receiveTime === undefined ? null : performance.timeOrigin + receiveTime,
            decodeMs: processingDuration === undefined ? null : processingDuration * 1000,
            seenAtMs,
          });
        };
        video.requestVideoFrameCallback(next);
        setTimeout(resolve, seconds * 1000 + 2000);
      });
      const { videoWidth: width, videoHeight: height } = video;
      const measured = { seconds: (performance.now() - startedAt) / 1000, width, height };
      return { ...measured, frames, presentedAtMs, illegible };
    },
    { selector, seconds },
  );
}
