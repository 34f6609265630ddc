import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { Tokens } from '../auth/tokens.ts';
import { GatewayError } from '../errors.ts';
import type { EventStreams } from '../events/event-streams.ts';
import type { SessionKind } from '../protocol/api.ts';
import type { IceServerSource } from '../ice/ice-server-source.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Sessions } from '../rooms/sessions.ts';
import { placeOf } from './authenticate.ts';
import { readBytes, requireType, textOf } from './body.ts';
import { baseUrlOf } from './base-url.ts';
import { addressOf, type RateLimits } from './rate-limit.ts';
import { iceServerLinks, sessionLinks } from './session-links.ts';

const SDP = 'application/sdp';
const FRAGMENT = 'application/trickle-ice-sdpfrag';
const ALLOW = 'GET, HEAD, OPTIONS, POST';

export interface SignallingDeps {
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly limits: RateLimits;
  readonly iceServers: IceServerSource;
  readonly events: EventStreams;
  readonly publicUrl: string | undefined;
  readonly metrics: Metrics;
}

/** `/whip/:room/:source?` (RFC 9725) and `/whep/:room/:source?` (draft-ietf-wish-whep). */
export function signallingRoutes(deps: SignallingDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const [prefix, kind] of [
    ['/whip', 'publish'],
    ['/whep', 'watch'],
  ] as const) {
    const paths = [`${prefix}/:room`, `${prefix}/:room/:source`];
    router.options(paths, describe(deps, kind));
    // WI-35: 2xx without content. WE-21: a player finds out by HEAD that WHEP is spoken here.
    router.get(paths, (_req, res) => {
      if (kind === 'publish') res.status(204).end();
      else res.status(200).set('Content-Type', SDP).end();
    });
    router.post(
      paths,
      countAttempts(deps, kind),
      deps.limits.guard,
      authenticate(deps, kind),
      readBytes,
      (req, res) => open(deps, kind, req, res),
    );
    router.all(paths, (_req, res) => {
      res.set('Allow', ALLOW);
      throw new GatewayError('method-not-allowed', `Only ${ALLOW} are possible here.`);
    });
  }
  return router;
}

/** STUN and TURN servers only for whoever may open a session here, and on no preflight (WHIP-66). */
const describe =
  ({ tokens, limits, iceServers }: SignallingDeps, kind: SessionKind): RequestHandler =>
  async (req, res) => {
    const preflight = req.get('access-control-request-method') !== undefined;
    res.set('Accept-Post', SDP).set('Allow', ALLOW);
    if (!preflight && req.get('authorization') !== undefined) {
      await limits.guard(req, res, () => undefined);
      await placeOf(req, tokens, kind);
      res.set('Link', [...iceServerLinks(iceServers.current())]);
    }
    res.status(200).end();
  };

const countAttempts =
  ({ metrics }: SignallingDeps, kind: SessionKind): RequestHandler =>
  (_req, res, next) => {
    res.on('finish', () => metrics.attempts.inc({ kind, result: resultOf(res.statusCode) }));
    next();
  };

const resultOf = (status: number): 'ok' | 'refused' | 'failed' => {
  if (status < 400) return 'ok';
  return status < 500 ? 'refused' : 'failed';
};

/** Before the first byte of the body: who, where, what type (X25). */
const authenticate =
  ({ tokens }: SignallingDeps, kind: SessionKind) =>
  async (req: Request, res: Response, next: () => void): Promise<void> => {
    res.locals['place'] = await placeOf(req, tokens, kind);
    if (!isSdp(req)) res.set('Accept-Post', SDP);
    requireType(req, SDP);
    next();
  };

const isSdp = (req: Request): boolean => /^application\/sdp\b/i.test(req.get('content-type') ?? '');

async function open(
  { sessions, iceServers, events, publicUrl }: SignallingDeps,
  kind: SessionKind,
  req: Request,
  res: Response,
): Promise<void> {
  const place = res.locals['place'] as Awaited<ReturnType<typeof placeOf>>;
  const gone = new AbortController();
  res.on('close', () => gone.abort());
  const { session, answer } = await sessions.open({
    ...place,
    kind,
    offer: textOf(req),
    address: addressOf(req),
    signal: gone.signal,
  });
  const baseUrl = baseUrlOf(req, publicUrl);
  res
    .status(201)
    .set('Content-Type', SDP)
    .set('Location', `${baseUrl}/sessions/${session.secret}`)
    .set('Link', [
      ...sessionLinks({
        session,
        baseUrl,
        iceServers: iceServers.current(),
        events: events.announcement(session),
      }),
    ])
    .set('ETag', session.etag)
    .set('Accept-Patch', FRAGMENT)
    .set('Cache-Control', 'no-store')
    .end(answer);
}
