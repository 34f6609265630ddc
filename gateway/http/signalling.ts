import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { Tokens } from '../auth/tokens.ts';
import { GatewayError } from '../errors.ts';
import type { EventStreams } from '../events/event-streams.ts';
import type { SessionKind } from '../protocol/session-kind.ts';
import type { IceDesk } from '../ice/ice-desk.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { LayerDesk } from '../rooms/layer-desk.ts';
import type { Arrivals } from '../rooms/hosts/arrivals.ts';
import type { Arrival } from '../rooms/session.ts';
import type { OpenedSession, Sessions } from '../rooms/sessions.ts';
import type { Tracer } from '../tracing/span.ts';
import { traced } from '../tracing/traced.ts';
import { countAttempt } from './attempts.ts';
import { requestIdOf } from './audit-entry.ts';
import { placeOf, type Place } from './authenticate.ts';
import { baseUrlOf } from './base-url.ts';
import { bearerOf } from './bearer.ts';
import { isEmpty, readBytes, requireBody, typeOf } from './body.ts';
import { addressOf } from './client-address.ts';
import { offerOf, SDP } from './offers.ts';
import type { RateLimits } from './rate-limit.ts';
import { beginTrace, spanOf } from './request-trace.ts';
import { iceServerLinks, sessionLinks } from './session-links.ts';

const FRAGMENT = 'application/trickle-ice-sdpfrag';
const ALLOW = 'GET, HEAD, OPTIONS, POST';

export interface SignallingDeps {
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly arrivals: Arrivals;
  readonly limits: RateLimits;
  readonly iceServers: IceDesk;
  readonly events: EventStreams;
  readonly layers: LayerDesk;
  readonly publicUrl: string | undefined;
  readonly tokenInQuery: boolean;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  readonly now: () => number;
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
    // WHIP-35: 2xx without content. WHEP-21: a player finds out by HEAD that WHEP is spoken here.
    router.get(paths, (_req, res) => {
      if (kind === 'publish') res.status(204).end();
      else res.status(200).set('Content-Type', SDP).end();
    });
    router.post(
      paths,
      countAttempts(deps, kind),
      deps.limits.guard,
      authenticate(deps, kind),
      checkHead(deps, kind),
      readBytes,
      (req, res) => open(deps, kind, req, res),
    );
    router.all(paths, deps.limits.guard, authenticate(deps, kind), (_req, res) => {
      res.set('Allow', ALLOW);
      throw new GatewayError('method-not-allowed', `Only ${ALLOW} are possible here.`);
    });
  }
  return router;
}

/** STUN and TURN servers only for whoever may open a session here, and on no preflight (WHIP-66). */
const describe =
  (deps: SignallingDeps, kind: SessionKind): RequestHandler =>
  async (req, res) => {
    const { limits, iceServers } = deps;
    const preflight = req.get('access-control-request-method') !== undefined;
    res.set('Accept-Post', SDP).set('Allow', ALLOW);
    if (!preflight && bringsToken(req, deps)) {
      await limits.guard(req, res, () => undefined);
      const { grant } = await enter(req, deps, kind);
      const { servers } = await iceServers.collect(grant);
      res.set('Link', [...iceServerLinks(servers)]);
    }
    res.status(200).end();
  };

const countAttempts =
  ({ metrics, tracer, now }: SignallingDeps, kind: SessionKind): RequestHandler =>
  (req, res, next) => {
    countAttempt(metrics, res, { kind, transport: 'webrtc' });
    res.locals['arrivedAt'] = now();
    beginTrace(tracer, req, res);
    next();
  };

const bringsToken = (req: Request, { tokenInQuery }: SignallingDeps): boolean =>
  req.get('authorization') !== undefined || (tokenInQuery && req.query['token'] !== undefined);

const enter = (req: Request, deps: SignallingDeps, kind: SessionKind): Promise<Place> =>
  placeOf(req, deps.tokens, kind, bearerOf(req, { inQuery: deps.tokenInQuery }));

/** Who and where, before the first byte of the body (HOSTILE-25). */
const authenticate =
  (deps: SignallingDeps, kind: SessionKind): RequestHandler =>
  async (req, res, next) => {
    const span = spanOf(res);
    const place = await traced(span, 'authenticate', () => enter(req, deps, kind));
    span.set({ 'pixelcast.room': place.room, 'pixelcast.source': place.source });
    res.locals['place'] = place;
    res.locals['authenticatedAt'] = deps.now();
    next();
  };

/** What the header fields say of the body, before its first byte. */
const checkHead =
  ({ limits }: SignallingDeps, kind: SessionKind): RequestHandler =>
  async (req, res, next) => {
    const type = typeOf(req);
    if (kind === 'watch' && isEmpty(req) && ['', SDP].includes(type)) {
      throw new GatewayError('offer-unacceptable', 'Send an SDP offer; the server makes none.');
    }
    if (type !== SDP) res.set('Accept-Post', SDP).set('Accept', SDP);
    requireBody(req, SDP);
    const { grant, room } = res.locals['place'] as Place;
    await limits.takeOffer(kind, { subject: grant.subject, room }, req);
    next();
  };

async function open(
  deps: SignallingDeps,
  kind: SessionKind,
  req: Request,
  res: Response,
): Promise<void> {
  const place = res.locals['place'] as Place;
  // The 201 names what is known by then and waits for no provider.
  deps.iceServers.prepare(place.grant);
  const gone = new AbortController();
  res.on('close', () => gone.abort());
  const wish = { ...place, offer: offerOf(req, kind), signal: gone.signal };
  const depart = kind === 'watch' ? await deps.arrivals.enter(wish) : () => undefined;
  try {
    const leave = await deps.limits.enterNode(req);
    if (gone.signal.aborted) leave();
    else {
      const request = { ...wish, kind, address: addressOf(req), arrival: arrivalOf(res) };
      answer(deps, req, res, await deps.sessions.open(request).finally(leave));
    }
  } finally {
    depart();
  }
}

const arrivalOf = (res: Response): Arrival => ({
  at: Number(res.locals['arrivedAt']),
  authenticatedAt: Number(res.locals['authenticatedAt']),
  request: requestIdOf(res),
  span: spanOf(res),
});

function answer(
  { iceServers, events, layers, publicUrl }: SignallingDeps,
  req: Request,
  res: Response,
  { session, answer: sdp }: OpenedSession,
): void {
  const baseUrl = baseUrlOf(req, publicUrl);
  res
    .status(201)
    .set('Content-Type', SDP)
    .set('Location', `${baseUrl}/sessions/${session.secret}`)
    .set('Link', [
      ...sessionLinks({
        session,
        baseUrl,
        iceServers: iceServers.current(session.grant).servers,
        events: events.announcement(session),
        layers: layers.idOf(session),
      }),
    ])
    .set('ETag', session.etag)
    .set('Accept-Patch', FRAGMENT)
    .set('Cache-Control', 'no-store')
    .end(sdp);
}
