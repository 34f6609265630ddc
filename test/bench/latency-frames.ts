import type { Page } from 'playwright-core';
import { installPictureReader } from '../support/browser/picture-reader.ts';

/** One frame as a page presented it; epoch milliseconds of the machine. */
export interface SeenFrame {
  /** Counter of the source, modulo 2^20. */
  readonly frame: number;
  readonly paintedAtMs: number;
  /** Number of the last input that the picture shows; null: none. */
  readonly mark: number | null;
  /** Of the frame's packets; null where the browser does not tell. */
  readonly rtpTimestamp: number | null;
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
  /** Each frame that was presented, legible or not. */
  readonly presented: readonly Pick<SeenFrame, 'seenAtMs' | 'rtpTimestamp'>[];
  /** Presented frames without a legible time code. */
  readonly illegible: number;
}

/**
 * Reads the codes (see `web/core/picture-codes.ts`) of every frame that a playing video
 * presents for so long. The clock is read first, before the picture is looked at.
 */
export async function recordFrames(
  page: Page,
  selector: string,
  seconds: number,
): Promise<FrameRecord> {
  await installPictureReader(page);
  return page.evaluate(
    async ({ selector, seconds }) => {
      const video = document.querySelector<HTMLVideoElement>(selector);
      if (video === null) throw new Error(`no ${selector} in the page`);
      const reader = window.pictureReader;
      if (reader === undefined) throw new Error('no reader of pictures');
      const frames: SeenFrame[] = [];
      const presented: FrameRecord['presented'][number][] = [];
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
          const { rtpTimestamp = null } = metadata;
          presented.push({ seenAtMs, rtpTimestamp });
          const { time, mark } = reader.codes(video);
          if (time === null) {
            illegible += 1;
            return;
          }
          const { receiveTime, processingDuration } = metadata;
          frames.push({
            ...time,
            mark,
            rtpTimestamp,
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
      return { ...measured, frames, presented, illegible };
    },
    { selector, seconds },
  );
}
