const FIRST_MS = 250;
const LONGEST_MS = 10_000;
/** What lasted so long counts as healthy: the next failure is the first again. */
export const HEALTHY_MS = 10_000;

/** Wait before attempt `failuresInARow + 1`: doubled each time, the half of it by chance. */
export function backOffMs(failuresInARow: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(16, failuresInARow - 1));
  return Math.round(full / 2 + (full / 2) * random());
}
