import { GatewayError } from '../errors.ts';
import type { Transport } from '../protocol/transport.ts';
import type { Session } from './session.ts';

/** Seconds after which it is worth while to ask again. */
const RETRY_SECONDS = 2;

/** Why a session that ended while its offer was under way has no answer. */
export function endedEarly({ state }: Session): GatewayError {
  const reason = state.kind === 'ended' ? state.reason : undefined;
  switch (reason) {
    case 'shutdown':
      return stopping();
    case 'moved':
    case 'node-lost':
      return new GatewayError('node-unavailable', 'The media server went away. Try again.', {
        retryAfterSeconds: RETRY_SECONDS,
      });
    default:
      return new GatewayError('session-not-found', 'The session ended before it began.', {
        reason,
      });
  }
}

export const stopping = (): GatewayError =>
  new GatewayError('shutting-down', 'The gateway is stopping. Try again in a moment.', {
    retryAfterSeconds: RETRY_SECONDS,
  });

export const hookMissing = (): GatewayError =>
  new GatewayError('upstream-rejected', 'The media server did not ask us about this session.', {
    cause: new Error('node answered without its hook: check http_hooks in its configuration'),
  });

export const busy = (): GatewayError =>
  new GatewayError('source-busy', 'Somebody else is sharing here already.', {
    retryAfterSeconds: RETRY_SECONDS,
  });

/** `transports`: the modes in which the source is there all the same. */
export const noPublisher = (transports: readonly Transport[]): GatewayError =>
  new GatewayError(
    'no-publisher',
    transports.length === 0
      ? 'Nobody is sharing here yet.'
      : 'This is shared over WebSocket alone: watch it by /ws/media.',
    { retryAfterSeconds: RETRY_SECONDS, ...(transports.length === 0 ? {} : { transports }) },
  );
