import type { Page } from 'playwright-core';
import { installPictureReader } from '../support/browser/picture-reader.ts';

/** A frame that a page showed, in epoch milliseconds. */
export interface ShownFrame {
  readonly shownAtMs: number;
  readonly paintedAtMs: number;
}

/** A picture that stood still after a blow. */
export interface Outage {
  /** From the blow to the end of the last standstill: 0 when there was none. */
  readonly backAfterMs: number;
  /** The longest time between two frames. */
  readonly longestGapMs: number;
}

const OLDEST_MS = 30_000;
/** Standstills below this are the rhythm of a loaded machine. */
const STANDSTILL_MS = 400;

/** Begins to note every frame of a video, or look of a canvas, whose time code can be read; the notes are lost with the page. */
export async function watchPicture(page: Page, selector: string): Promise<void> {
  await installPictureReader(page);
  await page.evaluate((wanted) => {
    const frames: [number, number][] = [];
    Object.assign(window, { shownFrames: frames });
    const next = (): void => {
      const shown = document.querySelector<HTMLVideoElement | HTMLCanvasElement>(wanted);
      let asked = true;
      const again = (): void => {
        if (!asked) return;
        asked = false;
        clearTimeout(timer);
        next();
      };
      // Another element may take this one's place.
      const timer = setTimeout(again, 250);
      const note = (): void => {
        if (shown === null) return;
        const paintedAt = asked ? window.pictureReader?.codes(shown).time?.paintedAtMs : undefined;
        if (paintedAt !== undefined) frames.push([Date.now(), paintedAt]);
        again();
      };
      if (shown instanceof HTMLVideoElement) shown.requestVideoFrameCallback(note);
      else if (shown !== null) requestAnimationFrame(note);
    };
    next();
  }, selector);
}

/** The notes since the last call, oldest first. @throws when the page was loaded anew */
export async function takeFrames(page: Page): Promise<ShownFrame[]> {
  const notes = await page.evaluate(() => {
    const { shownFrames } = window as unknown as { shownFrames?: [number, number][] };
    return shownFrames?.splice(0) ?? null;
  });
  if (notes === null) throw new Error('the page was loaded anew');
  return notes.map(([shownAtMs, paintedAtMs]) => ({ shownAtMs, paintedAtMs }));
}

/** A picture that is half old and half new may show a time code of no time. */
function isPlausible({ shownAtMs, paintedAtMs }: ShownFrame): boolean {
  return paintedAtMs <= shownAtMs && shownAtMs - paintedAtMs < OLDEST_MS;
}

/** How a blow shows in frames from about its time until the picture has been back for a while. */
export function outageOf(frames: readonly ShownFrame[], blowAtMs: number): Outage {
  let backAfterMs = 0;
  let longestGapMs = 0;
  let newest: ShownFrame = { shownAtMs: blowAtMs, paintedAtMs: 0 };
  for (const frame of frames.filter(isPlausible)) {
    // A frame that was painted before one already shown is no progress.
    if (frame.paintedAtMs <= newest.paintedAtMs) continue;
    if (frame.shownAtMs > blowAtMs) {
      const gapMs = frame.shownAtMs - newest.shownAtMs;
      longestGapMs = Math.max(longestGapMs, gapMs);
      if (gapMs > STANDSTILL_MS) backAfterMs = frame.shownAtMs - blowAtMs;
    }
    newest = frame;
  }
  return { backAfterMs, longestGapMs };
}
