import { CLOSE_CODES } from '../../../gateway/protocol/close-codes.ts';
import type { SessionProblem } from '../problem.ts';

/** RFC 6455 §7.4.1: ended on purpose; the server goes away; a message it does not take, or too large. */
const [NORMAL, GOING_AWAY, POLICY, TOO_BIG] = [1000, 1001, 1008, 1009];

/** Why a media socket closed, as a problem with the gateway's sentence as its detail. */
export function problemOfClose(
  { code, reason }: { readonly code: number; readonly reason: string },
  { wasWelcome }: { readonly wasWelcome: boolean },
): SessionProblem {
  return { code: codeOfClose(code, wasWelcome), status: null, detail: reason, retryAfterMs: null };
}

function codeOfClose(code: number, wasWelcome: boolean): SessionProblem['code'] {
  switch (code) {
    case CLOSE_CODES['bad-request']:
    case POLICY:
    case TOO_BIG:
      return 'bad-request';
    case CLOSE_CODES.unauthenticated:
      return wasWelcome ? 'dismissed' : 'token-invalid';
    case CLOSE_CODES.forbidden:
      return wasWelcome ? 'dismissed' : 'scope-insufficient';
    case CLOSE_CODES.timeout:
      return 'connection-lost';
    case CLOSE_CODES.replaced:
    case NORMAL:
      return 'dismissed';
    case CLOSE_CODES['rate-limited']:
      return 'rate-limited';
    case CLOSE_CODES.unavailable:
      return wasWelcome ? 'shutting-down' : 'capacity';
    case GOING_AWAY:
      return 'shutting-down';
    default:
      return wasWelcome ? 'connection-lost' : 'network';
  }
}
