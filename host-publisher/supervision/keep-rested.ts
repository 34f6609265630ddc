import { setTimeout as delay } from 'node:timers/promises';
import { toHostError, type HostError } from '../host-error.ts';
import type { FromMedia } from '../media/messages.ts';
import { backOffMs } from './back-off.ts';

export interface RestParts {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Has a process look what works here; fails when it does. */
  readonly warm: (onMessage: (message: FromMedia) => void) => Promise<never>;
  readonly onMessage: (message: FromMedia) => void;
  readonly mayHeal: (error: HostError) => boolean;
  /** Another process is warmed in so many milliseconds. */
  readonly onFailed: (error: HostError, waitMs: number) => void;
}

/** Keeps a process that knows what works here, and another one after it has failed. */
export async function keepRested(parts: RestParts): Promise<void> {
  const { signal, warm, onMessage, mayHeal, onFailed } = parts;
  const stopped = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  let failures = 0;
  while (!signal.aborted) {
    try {
      const warmed = warm((message) => {
        if (message.type === 'equipped') failures = 0;
        onMessage(message);
      });
      await Promise.race([warmed, stopped]);
    } catch (error) {
      const failure = toHostError(error, 'media');
      if (!mayHeal(failure)) return;
      failures += 1;
      const waitMs = backOffMs(failures);
      onFailed(failure, waitMs);
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
