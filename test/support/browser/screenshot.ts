import type { Page } from 'playwright-core';

/** A part of a page, in CSS pixels of its viewport. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Which pixels are meant, by red, green and blue of 0 to 255; `null` is any. */
export interface Colour {
  readonly least: readonly [number, number, number];
  readonly most: readonly [number, number, number];
}

/**
 * The smallest area of a page that holds all pixels of a colour, as they are on the screen; null
 * where there are none. `painter` is any page that may draw into a canvas.
 */
export async function findColour(
  page: Page,
  painter: Page,
  colour: Colour,
  within?: Area,
): Promise<Area | null> {
  const png = (await page.screenshot(within === undefined ? {} : { clip: within })).toString(
    'base64',
  );
  const ratio = await page.evaluate(() => devicePixelRatio);
  const found = await painter.evaluate(
    async ({ url, least, most }) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const brush = canvas.getContext('2d');
      if (brush === null) throw new Error('no 2d canvas');
      brush.drawImage(image, 0, 0);
      const { data } = brush.getImageData(0, 0, image.width, image.height);
      const isMeant = (at: number) =>
        [0, 1, 2].every((channel) => {
          const value = data[at + channel] ?? 0;
          return value >= (least[channel] ?? 0) && value <= (most[channel] ?? 255);
        });
      let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
      for (let at = 0; at < data.length; at += 4) {
        if (!isMeant(at)) continue;
        const x = (at / 4) % image.width;
        const y = Math.floor(at / 4 / image.width);
        [left, right] = [Math.min(left, x), Math.max(right, x)];
        [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      }
      return right < 0 ? null : { left, top, right: right + 1, bottom: bottom + 1 };
    },
    { url: `data:image/png;base64,${png}`, ...colour },
  );
  if (found === null) return null;
  const { left, top, right, bottom } = found;
  return {
    x: (within?.x ?? 0) + left / ratio,
    y: (within?.y ?? 0) + top / ratio,
    width: (right - left) / ratio,
    height: (bottom - top) / ratio,
  };
}
