import { setTimeout as delay } from 'node:timers/promises';
import { backOffMs, HEALTHY_MS } from '../supervision/back-off.ts';
import { Part } from '../supervision/part.ts';

type PartOptions = ConstructorParameters<typeof Part>[0];
/** How a part ended: its exit code, or a signal. */
export type Ending = number | NodeJS.Signals;

/**
 * Starts a part again whenever it ends, with a growing wait, until `stop`; resolves with an ending
 * that `heals` says no further start can heal, and with null after `stop`.
 */
export async function keepRunning(
  options: PartOptions,
  stop: AbortSignal,
  heals: (ending: Ending) => boolean = () => true,
): Promise<Ending | null> {
  let failures = 0;
  while (!stop.aborted) {
    const startedAt = performance.now();
    const part = new Part(options);
    const stopped = new Promise<null>((resolve) => {
      stop.addEventListener('abort', () => resolve(null), { once: true });
    });
    const ending = await Promise.race([part.ended, stopped]);
    if (ending === null) {
      await part.stop();
      return null;
    }
    if (!heals(ending)) return ending;
    failures = performance.now() - startedAt > HEALTHY_MS ? 1 : failures + 1;
    await delay(backOffMs(failures), undefined, { signal: stop }).catch(() => undefined);
  }
  return null;
}
