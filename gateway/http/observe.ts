import type { NextFunction, Request, Response } from 'express';
import type { Metrics } from '../observability/metrics.ts';
import type { ProblemCode } from '../protocol/problem.ts';
import { METHODS } from './methods.ts';

const AREAS = new Set(['whip', 'whep', 'sessions', 'events', 'layers', 'api', 'ws', 'metrics']);

/**
 * Counts each request when it is over. Its route is the pattern, and its area the first word of that,
 * so that no client can create series.
 */
export const observe =
  ({ httpRequests, httpSeconds, refusals }: Metrics) =>
  (req: Request, res: Response, next: NextFunction): void => {
    const startedAt = performance.now();
    res.on('close', () => {
      const route = routeOf(req);
      const method = METHODS.has(req.method) ? req.method : 'other';
      httpRequests.inc({ route, method, status: `${Math.floor(res.statusCode / 100)}xx` });
      httpSeconds.observe({ area: areaOf(route) }, (performance.now() - startedAt) / 1000);
      const code = res.locals['code'] as ProblemCode | undefined;
      if (code !== undefined) refusals.inc({ code });
    });
    next();
  };

/** The pattern that a request met; the first where there are several. */
export function routeOf(req: Request): string {
  const path = (req.route as { path?: string | string[] } | undefined)?.path ?? 'none';
  return Array.isArray(path) ? (path[0] ?? 'none') : path;
}

function areaOf(route: string): string {
  if (route.startsWith('/api/srs/')) return 'hooks';
  const [, first = ''] = route.split('/');
  if (AREAS.has(first)) return first;
  return first === '' && route !== '/' ? 'none' : 'pages';
}
