import type { Page } from 'playwright-core';
import { waitFor } from '../wait-for.ts';

export interface PictureSample {
  readonly width: number;
  readonly height: number;
  /** Equal for equal pictures; 0 while there is none. */
  readonly hash: number;
  /** Red, green and blue, 0..255. */
  readonly meanColour: readonly [number, number, number];
}

/** What a playing `<video>` (or a canvas) shows at this moment. */
export function samplePicture(page: Page, selector = 'video'): Promise<PictureSample> {
  return page.evaluate((wanted) => {
    const source = document.querySelector<HTMLVideoElement | HTMLCanvasElement>(wanted);
    if (source === null) throw new Error(`no ${wanted} in the page`);
    const isVideo = source instanceof HTMLVideoElement;
    const width = isVideo ? source.videoWidth : source.width;
    const height = isVideo ? source.videoHeight : source.height;
    const nothing: PictureSample = { width, height, hash: 0, meanColour: [0, 0, 0] };
    if (width === 0 || (isVideo && source.readyState < 2)) return nothing;
    const brush = new OffscreenCanvas(64, 36).getContext('2d', { willReadFrequently: true });
    if (brush === null) throw new Error('no 2d canvas');
    brush.drawImage(source, 0, 0, 64, 36);
    const { data } = brush.getImageData(0, 0, 64, 36);
    const sums = [0, 0, 0, 0];
    let hash = 0x811c9dc5;
    data.forEach((value, at) => {
      sums[at % 4] = (sums[at % 4] ?? 0) + value;
      hash = Math.imul(hash ^ value, 0x01000193) >>> 0;
    });
    const [red = 0, green = 0, blue = 0] = sums.map((sum) => Math.round(sum / (64 * 36)));
    return { width, height, hash, meanColour: [red, green, blue] as const };
  }, selector);
}

/** Resolves when the picture has changed twice; a frozen or black one fails after the time. */
export async function waitForMovingPicture(
  page: Page,
  options: { readonly selector?: string; readonly timeoutMs?: number } = {},
): Promise<PictureSample> {
  const { selector = 'video', timeoutMs = 10_000 } = options;
  const seen = new Set<number>();
  return waitFor(
    async () => {
      const sample = await samplePicture(page, selector);
      if (sample.hash !== 0 && Math.max(...sample.meanColour) > 8) seen.add(sample.hash);
      return seen.size >= 3 && sample;
    },
    { timeoutMs, everyMs: 50, what: `a moving picture in ${selector}` },
  );
}
