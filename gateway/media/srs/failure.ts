import { GatewayError } from '../../errors.ts';
import type { SessionKind } from '../../protocol/session-kind.ts';
import type { NodeReply } from './transport.ts';

/** Seconds after which a client may try again when a node is away. */
const RETRY_SECONDS = 2;

/**
 * One error for every way a node refuses an offer: SRS 6 closes the connection without a byte,
 * SRS 7 answers 400, 401, 409 or 500 with `CODE: Name` (srs.md §3.3, §12). Nothing of the node's
 * text reaches the client.
 */
export function toOfferFailure(reply: NodeReply, kind: SessionKind): GatewayError {
  const cause = new Error(`node answered ${reply.status} ${reply.text.slice(0, 80)}`);
  switch (reply.status) {
    case 400:
      return new GatewayError('offer-unacceptable', 'The media server cannot serve this offer.', {
        cause,
      });
    case 409:
      return new GatewayError('source-busy', 'Somebody else is sharing here already.', {
        cause,
        retryAfterSeconds: RETRY_SECONDS,
      });
    default:
      return new GatewayError(
        'upstream-rejected',
        `The media server refused to ${kind === 'publish' ? 'publish' : 'play'} this.`,
        { cause },
      );
  }
}

/** A request that got no reply: closed without one (SRS 6's refusal), or never connected. */
export function toTransportFailure(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  if (isRefusal(error)) {
    return new GatewayError('upstream-rejected', 'The media server refused this offer.', {
      cause: error,
    });
  }
  return new GatewayError(
    'node-unavailable',
    'The media server is not reachable right now. Try again in a moment.',
    { cause: error, retryAfterSeconds: RETRY_SECONDS },
  );
}

/** Closed, or answered with what is no HTTP. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return REFUSALS.has(code) || error.name === 'HTTPParserError';
}

const REFUSALS = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'UND_ERR_HEADERS_OVERFLOW']);
