import { HostError } from '../host-error.ts';

/** Until something is captured: a person may be asked what to share, for 120 s. */
export const CAPTURE_MS = 150_000;

/** Fails when the signal says to stop. */
export function rejectOn(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => undefined);
  signal.addEventListener('abort', () => reject(new HostError('media', 'stopped')), { once: true });
  return promise;
}

/** Fails where the work of a media process takes longer. */
export async function within<T>(deadlineMs: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new HostError('media', 'The media process is not ready in time.')),
    deadlineMs,
  );
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
