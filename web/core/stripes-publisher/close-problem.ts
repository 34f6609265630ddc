import { CLOSE_CODES } from '../../../gateway/protocol/close-codes.ts';
import { localProblem } from '../problem.ts';
import type { SessionProblem } from '../problem.ts';

/** How a publish socket ended. */
export interface SocketClosing {
  readonly code: number;
  /** The gateway's sentence; may be empty. */
  readonly reason: string;
  /** Whether the gateway had let it in. */
  readonly wasWelcome: boolean;
}

const GOING_AWAY = 1001;
const BROKEN: ReadonlySet<number> = new Set([1003, 1008, 1009]);

/** Why a publish socket was closed, in the terms of WHIP's refusals. */
export function problemOfClosing({ code, reason, wasWelcome }: SocketClosing): SessionProblem {
  return localProblem(codeOf(code, reason, wasWelcome), reason);
}

function codeOf(code: number, reason: string, wasWelcome: boolean): SessionProblem['code'] {
  if (BROKEN.has(code)) return 'bad-request';
  switch (code) {
    case CLOSE_CODES['bad-request']:
      return 'bad-request';
    case CLOSE_CODES.unauthenticated:
      return endingOf(reason, wasWelcome);
    case CLOSE_CODES.forbidden:
      return 'scope-insufficient';
    case CLOSE_CODES.replaced:
      return wasWelcome ? 'replaced' : 'source-busy';
    case CLOSE_CODES['rate-limited']:
      return 'rate-limited';
    case CLOSE_CODES.unavailable:
      return 'node-unavailable';
    case GOING_AWAY:
      return 'shutting-down';
    default:
      return wasWelcome ? 'connection-lost' : 'network';
  }
}

/** One code stands for all that ends a right; the sentence tells which it is. */
function endingOf(reason: string, wasWelcome: boolean): SessionProblem['code'] {
  if (/expired/i.test(reason)) return 'token-expired';
  if (/taken back/i.test(reason)) return 'token-revoked';
  return wasWelcome ? 'removed' : 'token-invalid';
}
