import type { Page } from 'playwright-core';
import {
  newPictureReader,
  type PictureHeld,
  type PictureReader,
} from '../../../web/core/picture-codes.ts';

declare global {
  interface Window {
    pictureReader?: PictureReader;
  }
}

/** Gives a page `window.pictureReader`. */
export async function installPictureReader(page: Page): Promise<void> {
  await page.evaluate(`window.pictureReader ??= (${newPictureReader.toString()})()`);
}

/** What the cube in a page's video or canvas says is held down; null: nothing legible. */
export async function readHeld(page: Page, selector = 'video'): Promise<PictureHeld | null> {
  await installPictureReader(page);
  return page.evaluate((wanted) => {
    const picture = document.querySelector<HTMLVideoElement | HTMLCanvasElement>(wanted);
    if (picture === null) throw new Error(`no ${wanted} in the page`);
    return window.pictureReader?.held(picture) ?? null;
  }, selector);
}
