import { Router, type Request, type Response } from 'express';
import { GatewayError } from '../errors.ts';
import type { EventSink } from '../events/event-stream.ts';
import type { EventStreams } from '../events/event-streams.ts';
import { EventNames } from '../protocol/events.ts';
import type { Session } from '../rooms/session.ts';
import { readJson, requireBody } from './body.ts';
import { baseUrlOf } from './base-url.ts';
import type { RateLimits } from './rate-limit.ts';

const JSON_TYPE = 'application/json';
const ENTRY_ALLOW = 'OPTIONS, POST';
const STREAM_ALLOW = 'DELETE, GET, HEAD, OPTIONS';

export interface EventDeps {
  readonly events: EventStreams;
  readonly limits: Pick<RateLimits, 'guard'>;
  readonly publicUrl: string | undefined;
}

/**
 * `/events/:id` and `/events/streams/:id`, the WHEP server-sent events extension. Both ids are
 * capabilities of their own: `EventSource` cannot send a token (SE-08).
 */
export function eventRoutes({ events, limits, publicUrl }: EventDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const entry = '/events/:viewer';
  const path = '/events/streams/:stream';

  router.options(path, (_req, res) => void res.set('Allow', STREAM_ALLOW).status(200).end());
  router.get(path, limits.guard, (req, res) => {
    const stream = events.stream(idOf(req, 'stream'));
    // Not by `set`, which adds a charset that an event stream has not.
    res.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      // nginx passes each event on at once.
      'X-Accel-Buffering': 'no',
    });
    if (req.method === 'HEAD') {
      res.end();
      return;
    }
    const sink = sinkOf(res);
    res.on('drain', () => stream.drained(sink));
    res.on('close', () => stream.detach(sink));
    stream.attach(sink);
  });
  router.delete(path, limits.guard, (req, res) => {
    events.unsubscribe(idOf(req, 'stream'));
    res.status(200).set('Content-Length', '0').end();
  });
  router.all(path, (_req, res) => refuseMethod(res, STREAM_ALLOW));

  router.options(entry, (_req, res) => {
    res.set('Accept-Post', JSON_TYPE).set('Allow', ENTRY_ALLOW).status(200).end();
  });
  router.post(
    entry,
    limits.guard,
    (req, res, next) => {
      res.locals['session'] = events.sessionOf(idOf(req, 'viewer'));
      if (!hasBody(req)) {
        next();
        return;
      }
      res.set('Accept-Post', JSON_TYPE);
      requireBody(req, JSON_TYPE);
      readJson(req, res, next);
    },
    (req, res) => {
      const { room, source } = res.locals['session'] as Session;
      const base = baseUrlOf(req, publicUrl);
      const stream = events.subscribe(idOf(req, 'viewer'), {
        names: namesOf(req),
        endpoint: base === '' ? undefined : `${base}/whep/${room}/${source}`,
      });
      res
        .status(201)
        .set('Location', `${base}/events/streams/${stream.id}`)
        .set('Cache-Control', 'no-store')
        .set('Content-Length', '0')
        .end();
    },
  );
  router.all(entry, (_req, res) => refuseMethod(res, ENTRY_ALLOW));
  return router;
}

const idOf = (req: Request, name: 'viewer' | 'stream'): string => {
  const id = req.params[name];
  return typeof id === 'string' ? id : '';
};

const hasBody = (req: Request): boolean =>
  req.get('transfer-encoding') !== undefined || Number(req.get('content-length') ?? 0) > 0;

/** The names as they were written, none when all are wanted. @throws GatewayError `bad-request` */
function namesOf(req: Request): readonly string[] | undefined {
  if (!hasBody(req)) return undefined;
  const names = EventNames.safeParse(req.body);
  if (names.success) return names.data;
  throw new GatewayError('bad-request', 'The body must be a JSON array of 1 to 16 event names.');
}

function refuseMethod(res: Response, allow: string): never {
  res.set('Allow', allow);
  throw new GatewayError('method-not-allowed', `Only ${allow} are possible here.`);
}

const sinkOf = (res: Response): EventSink => ({
  write: (text) => res.write(text),
  end: () => void res.end(),
  destroy: () => void res.destroy(),
});
