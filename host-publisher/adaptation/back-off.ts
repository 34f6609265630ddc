/** How long to wait before the next try upwards: twice as long each time that one has failed. */
export interface TryWait {
  readonly waitMs: number;
  /** When the last try upwards was made. */
  readonly triedAtMs: number;
}

/** A try has failed when it has to be taken back within this time. */
const FAILED_MS = 30_000;
const MOST_MS = 60_000;

export const firstWait = (waitMs: number): TryWait => ({ waitMs, triedAtMs: -Infinity });

export const tried = (wait: TryWait, nowMs: number): TryWait => ({ ...wait, triedAtMs: nowMs });

/** The wait after a step down. */
export const steppedDown = (wait: TryWait, leastMs: number, nowMs: number): TryWait => {
  const hasFailed = nowMs - wait.triedAtMs <= FAILED_MS;
  return { ...wait, waitMs: hasFailed ? Math.min(MOST_MS, 2 * wait.waitMs) : leastMs };
};
