import type { Page } from 'playwright-core';

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
export function readTimeCode(page: Page, selector = 'video'): Promise<TimeCode | null> {
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
    const now = Date.now();
    const columns = 64;
    const block = video.videoWidth / columns;
    if (block < 2) return null;
    const canvas = new OffscreenCanvas(video.videoWidth, Math.ceil(2 * block));
    const brush = canvas.getContext('2d', { willReadFrequently: true });
    if (brush === null) throw new Error('no 2d canvas');
    brush.drawImage(video, 0, 0);
    const level = (column: number, row: number): number => {
      const pixel = brush.getImageData((column + 0.5) * block, (row + 0.5) * block, 1, 1).data;
      return pixel[1] ?? 0;
    };
    let code = 0n;
    for (let column = 0; column < columns; column += 1) {
      const difference = level(column, 0) - level(column, 1);
      if (Math.abs(difference) < 60) return null;
      code = (code << 1n) | (difference > 0 ? 1n : 0n);
    }
    const paintedAtMs = Number(code >> 20n);
    return { paintedAtMs, frame: Number(code & 0xfffffn), ageMs: now - paintedAtMs };
  }, selector);
}
