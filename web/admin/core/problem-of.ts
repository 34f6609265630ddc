import { ApiProblem } from '../../../gateway/protocol/api/api-problem.ts';
import { localProblem } from '../../core/problem.ts';
import type { SessionProblem } from '../../core/problem.ts';

/** Why the gateway did not do what it was asked to. */
export function problemOf(cause: unknown): SessionProblem {
  if (!(cause instanceof ApiProblem)) return localProblem('network', String(cause));
  const { code, status, message: detail, retryAfterSeconds } = cause;
  if (code === 'unreachable' || code === 'unreadable') return localProblem('network', detail);
  const retryAfterMs = retryAfterSeconds === undefined ? null : retryAfterSeconds * 1000;
  return { code, status, detail, retryAfterMs };
}
