/** How long an engine must have run for its end to count as the first one again. */
export const HEALTHY_MS = 10_000;

/** The first restart is immediate; each further one without health between waits twice as long. */
export function restartDelayMs(failuresInARow: number): number {
  return failuresInARow <= 1 ? 0 : Math.min(5_000, 250 * 2 ** (failuresInARow - 2));
}
