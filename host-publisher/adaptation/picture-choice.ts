import { firstWait, steppedDown, tried, type TryWait } from './back-off.ts';
import type { Rung } from './ladder.ts';

/** A step up needs so much more than what it would be given up for. */
const UP_MARGIN = 1.35;
const UP_WAIT_MS = 4_000;
const DOWN_WAIT_MS = 1_000;
/** Below this share of the need nothing is waited for: the key frame of a change also mends. */
const HOPELESS_SHARE = 0.9;

/** Where on the ladder the picture is. */
export interface PictureChoice {
  readonly rung: number;
  readonly changedAtMs: number;
  /** Since when the rate has been too low for it, or enough for a better one. */
  readonly lowSinceMs: number | null;
  readonly highSinceMs: number | null;
  readonly upWait: TryWait;
}

export const firstChoice = (rung: number): PictureChoice => ({
  rung,
  changedAtMs: -Infinity,
  lowSinceMs: null,
  highSinceMs: null,
  upWait: firstWait(UP_WAIT_MS),
});

/** The first rung that a rate is enough for; the last when it is for none. */
export function fittingRung(ladder: readonly Rung[], kbps: number, easing: number): number {
  const found = ladder.findIndex(({ needKbps }, at) => at >= easing && needKbps <= kbps);
  return found < 0 ? ladder.length - 1 : found;
}

/** The choice after one more look: down within a second, up after four with a margin. */
export function nextChoice(
  choice: PictureChoice,
  ladder: readonly Rung[],
  kbps: number,
  easing: number,
  nowMs: number,
): PictureChoice {
  const lower = fittingRung(ladder, kbps, easing);
  if (lower > choice.rung) {
    const lowSinceMs = choice.lowSinceMs ?? nowMs;
    const need = ladder[choice.rung]?.needKbps ?? 0;
    const isDue =
      nowMs - lowSinceMs >= DOWN_WAIT_MS || kbps < HOPELESS_SHARE * need || choice.rung < easing;
    if (!isDue) return { ...choice, lowSinceMs, highSinceMs: null };
    return moved(choice, lower, steppedDown(choice.upWait, UP_WAIT_MS, nowMs), nowMs);
  }
  const higher = fittingRung(ladder, kbps / UP_MARGIN, easing);
  if (higher >= choice.rung) return { ...choice, lowSinceMs: null, highSinceMs: null };
  const highSinceMs = choice.highSinceMs ?? nowMs;
  if (nowMs - highSinceMs < choice.upWait.waitMs)
    return { ...choice, lowSinceMs: null, highSinceMs };
  return moved(choice, higher, tried(choice.upWait, nowMs), nowMs);
}

function moved(choice: PictureChoice, rung: number, upWait: TryWait, nowMs: number): PictureChoice {
  return { ...choice, rung, changedAtMs: nowMs, lowSinceMs: null, highSinceMs: null, upWait };
}
