import type { Request, Response } from 'express';
import type { AdminAct } from '../audit/audit-log.ts';
import type { Refusal } from '../audit/refusal.ts';
import type { ProblemCode } from '../protocol/problem.ts';
import { callerOf } from './caller.ts';
import { addressOf } from './client-address.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'PUT']);
const ROUTES = new Set([
  ...['whip', 'whep', 'sessions', 'events', 'metrics', 'healthz', 'readyz'],
  ...['admin', 'share', 'camera', 'watch', 'diagnose', 'login', 'invite', 'assets', 'ws'],
]);

/** What the audit tells of a refused request. */
export function refusalOf(
  req: Request,
  res: Response,
  { code, status }: { readonly code: ProblemCode; readonly status: number },
): Refusal {
  return {
    code,
    status,
    method: METHODS.has(req.method) ? req.method : 'other',
    route: routeOf(req),
    room: /^\/(?:wh[ie]p|ws\/\w+)\/([A-Za-z0-9_-]{1,64})(?:\/|$)/.exec(req.path)?.[1],
    address: addressOf(req),
    subject: callerOf(req)?.subject,
    request: requestIdOf(res),
  };
}

/** What the audit tells of an act that a request asked for. */
export const actOf = (
  req: Request,
  res: Response,
  act: Pick<AdminAct, 'act' | 'target'>,
): AdminAct => ({
  ...act,
  by: callerOf(req)?.subject ?? '',
  address: addressOf(req),
  request: requestIdOf(res),
});

/** The `X-Request-Id` of an answer. */
export function requestIdOf(res: Response): string | undefined {
  const id: unknown = res.locals['request'];
  return typeof id === 'string' ? id : undefined;
}

function routeOf({ path }: Request): string {
  const [, first = '', second] = path.split('/', 3);
  if (first === 'api') return second === 'srs' ? 'hook' : 'api';
  return ROUTES.has(first) ? first : 'other';
}
