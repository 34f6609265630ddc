import { CLOSE_CODES } from '../../../gateway/protocol/close-codes.ts';
import { localProblem } from '../problem.ts';
import type { SessionProblem } from '../problem.ts';
import { problemOfClose } from '../stripes/media-closing.ts';

/** Why a publish socket was closed, with the gateway's sentence as its detail. */
export function problemOfPublishClose(
  closing: { readonly code: number; readonly reason: string },
  { wasWelcome }: { readonly wasWelcome: boolean },
): SessionProblem {
  return closing.code === CLOSE_CODES.replaced
    ? localProblem(wasWelcome ? 'replaced' : 'source-busy', closing.reason)
    : problemOfClose(closing, { wasWelcome });
}
