const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Pauses after the first, second, … failed attempt; the last one for all later ones. */
const PAUSES = [
  ...[1 * SECOND, 5 * SECOND, 15 * SECOND, 1 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE],
  ...[1 * HOUR, 2 * HOUR],
];
/** So that many that failed at once do not come back at once. */
const JITTER = 0.2;

/** An event that was not delivered by then is given up. */
export const GIVE_UP_MS = 24 * HOUR;

/** Milliseconds until the next attempt; `random` from 0 to 1. */
export function pauseAfter(attempts: number, random: number): number {
  const pause = PAUSES[Math.min(attempts, PAUSES.length) - 1] ?? SECOND;
  return Math.round(pause * (1 - JITTER + 2 * JITTER * random));
}
