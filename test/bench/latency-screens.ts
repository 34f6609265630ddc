import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { drawsOf, type Draw } from './latency-draws.ts';
import { readGlass, type Appearance, type Place } from './latency-glass.ts';
import type { LiveSource } from './latency-sources.ts';
import type { LatencyStage } from './latency-stage.ts';

/** What a viewer's screen showed in a while, and what its player drew. */
export interface Watched {
  readonly shown: readonly ShownPicture[];
  readonly drawn: readonly DrawnPicture[];
}

/** A picture on the player's canvas, which a screen shows with its next refresh. */
export interface DrawnPicture {
  /**
   * At most: since the newest code that the reader had seen on the source's screen when the picture was
   * captured, which it sees up to 2 ms after it was painted; null where that has none.
   */
  readonly ageMs: number | null;
  readonly capturedAgeMs: number;
}

/** A picture that was on a viewer's screen. */
export interface ShownPicture {
  /** Since its code was on the source's screen; where that has none, since it was painted. */
  readonly ageMs: number;
  /** Since its code was painted, before anybody could see it. */
  readonly paintedAgeMs: number;
}

/**
 * What appeared on the viewer's screen in so many seconds, by the time codes that are read off it,
 * and off the source's where it has one. Between both is all that a user waits for: the browser's
 * compositor, which code of a page cannot see, too.
 */
export async function watchScreens(
  stage: LatencyStage,
  source: LiveSource,
  watching: { readonly page: Page; readonly selector: string; readonly seconds: number },
): Promise<Watched> {
  const { page, selector, seconds } = watching;
  if (stage.screen === null) throw new Error('the stage has no screen');
  const viewer = await readGlass(stage.screen, await placeOf(page, selector));
  const own = source.screen === null ? null : await readGlass(source.screen.display, source.screen);
  try {
    await Promise.all([viewer.take(), own?.take()]);
    await delay(seconds * 1000);
    const shown = await viewer.take();
    const painted = own === null ? null : await own.take();
    const draws = await drawsOf(page, seconds);
    return { shown: agesOf(shown, painted), drawn: draws.map((draw) => drawnOf(draw, painted)) };
  } finally {
    await Promise.all([viewer.close(), own?.close()]);
  }
}

/** Of what was on both screens. */
function agesOf(
  shown: readonly Appearance[],
  painted: readonly Appearance[] | null,
): readonly ShownPicture[] {
  const begun = painted && new Map(painted.map(({ frame, atMs }) => [frame, atMs]));
  return shown.flatMap(({ frame, paintedAtMs, atMs }) => {
    const fromMs = begun === null ? paintedAtMs : begun.get(frame);
    return fromMs === undefined ? [] : [{ ageMs: atMs - fromMs, paintedAgeMs: atMs - paintedAtMs }];
  });
}

function drawnOf(
  { atMs, capturedAtMs }: Draw,
  painted: readonly Appearance[] | null,
): DrawnPicture {
  const newest = painted?.findLast((code) => code.atMs <= capturedAtMs);
  return {
    ageMs: newest === undefined ? null : atMs - newest.atMs,
    capturedAgeMs: atMs - capturedAtMs,
  };
}

/** Where on the screen a page's picture is, whose window is at its upper left. */
function placeOf(page: Page, selector: string): Promise<Place> {
  return page.evaluate((wanted) => {
    const element = document.querySelector<HTMLVideoElement | HTMLCanvasElement>(wanted);
    if (element === null) throw new Error(`no ${wanted} in the page`);
    const { x, y, width, height } = element.getBoundingClientRect();
    const isVideo = element instanceof HTMLVideoElement;
    const picture = isVideo
      ? { width: element.videoWidth, height: element.videoHeight }
      : { width: element.width, height: element.height };
    const scale = Math.min(width / picture.width, height / picture.height);
    const shown = { width: picture.width * scale, height: picture.height * scale };
    return {
      x: Math.round(x + (width - shown.width) / 2),
      // The browser's own rows are above the page.
      y: Math.round(outerHeight - innerHeight + y + (height - shown.height) / 2),
      width: Math.round(shown.width),
    };
  }, selector);
}
