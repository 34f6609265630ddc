import type { Request, Response } from 'express';
import { NO_SPAN, type Span, type Tracer } from '../tracing/span.ts';
import { requestIdOf } from './audit-entry.ts';
import { trustsPeer } from './forwarded.ts';
import { routeOf } from './observe.ts';

/** Begins the span of a request, which ends with it. A caller's trace goes on where the caller is a trusted proxy. */
export function beginTrace(tracer: Tracer, req: Request, res: Response): void {
  const { method } = req;
  const route = routeOf(req);
  const span = tracer.begin(`${method} ${route}`, {
    kind: 'server',
    headers: trustsPeer(req) ? req.headers : undefined,
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'pixelcast.request_id': requestIdOf(res),
    },
  });
  res.locals['span'] = span;
  res.on('close', () => {
    const code: unknown = res.locals['code'];
    if (res.headersSent) span.set({ 'http.response.status_code': res.statusCode });
    if (typeof code === 'string') span.fail(code);
    else if (!res.writableFinished) span.fail('client-gone');
    span.end();
  });
}

/** The span of the request that this answers. */
export const spanOf = ({ locals }: Response): Span =>
  (locals['span'] as Span | undefined) ?? NO_SPAN;
