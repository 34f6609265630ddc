import type { Page } from 'playwright-core';
import { installPictureReader } from './picture-reader.ts';

export interface TimeCode {
  /** Epoch milliseconds at which the source painted the frame. */
  readonly paintedAtMs: number;
  /** Counter of the source, modulo 2^20. */
  readonly frame: number;
  /** Age of the frame when it was read, by the clock that both pages share on one machine. */
  readonly ageMs: number;
}

/**
 * Reads the time code that `paintMovingPicture` puts into each frame back from a playing video;
 * null when the picture shows none that is legible.
 */
export async function readTimeCode(page: Page, selector = 'video'): Promise<TimeCode | null> {
  await installPictureReader(page);
  return page.evaluate(async (wanted) => {
    const video = document.querySelector<HTMLVideoElement>(wanted);
    if (video === null) throw new Error(`no ${wanted} in the page`);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 1000);
      video.requestVideoFrameCallback(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    const nowMs = Date.now();
    const time = window.pictureReader?.codes(video).time ?? null;
    return time === null ? null : { ...time, ageMs: nowMs - time.paintedAtMs };
  }, selector);
}
