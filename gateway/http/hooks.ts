import { timingSafeEqual, createHash } from 'node:crypto';
import { Router } from 'express';
import { GatewayError } from '../errors.ts';
import type { NodeHook } from '../media/node.ts';
import type { Metrics } from '../observability/metrics.ts';
import { readJson } from './body.ts';

/** Refusal in SRS's words: 200 and a code that is not 0 (srs.md §15). */
const DENIED = '{"code":403}';

export interface HookDeps {
  readonly secret: string;
  readonly read: (event: string, body: unknown) => NodeHook;
  readonly handle: (hook: NodeHook) => 'allow' | 'deny';
  readonly metrics: Metrics;
}

/**
 * `POST /api/srs/:event?secret=…`. The answer is `200` and exactly `0`, anything else refuses
 * (srs.md §7.2). A wrong secret and a malformed body are refusals with an HTTP status.
 */
export function hookRoutes({ secret, read, handle, metrics }: HookDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const expected = digest(secret);
  router.post(
    '/api/srs/:event',
    (req, _res, next) => {
      const given = req.query['secret'];
      if (typeof given !== 'string' || !timingSafeEqual(digest(given), expected)) {
        throw new GatewayError('scope-insufficient', 'The hook secret is wrong.');
      }
      next();
    },
    readJson,
    (req, res) => {
      const hook = read(String(req.params['event']), req.body);
      const verdict = handle(hook);
      metrics.hooks.inc({ event: hook.event, result: verdict });
      const body = verdict === 'allow' ? '0' : DENIED;
      res.status(200).type('text/plain').set('Content-Length', String(body.length)).end(body);
    },
  );
  return router;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
