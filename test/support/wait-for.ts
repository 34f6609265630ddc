import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
  /** Names the thing in the error: "waited 5000 ms for the second viewer". */
  readonly what: string;
}

/**
 * Asks again and again until the answer is something (not false, null or undefined) and resolves
 * with it. A throwing question counts as "not yet"; its last error is the cause of the failure.
 */
export async function waitFor<T>(
  ask: () => T | Promise<T>,
  options: WaitOptions,
): Promise<Exclude<T, false | null | undefined>> {
  const { timeoutMs = 10_000, everyMs = 20, what } = options;
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== false && answer != null) return answer as Exclude<T, false | null | undefined>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline)
      throw new Error(`waited ${timeoutMs} ms for ${what}`, { cause });
    await delay(everyMs);
  }
}
