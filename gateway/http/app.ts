import { randomUUID } from 'node:crypto';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Post } from '../cluster/post.ts';
import { GatewayError } from '../errors.ts';
import type { Metrics } from '../observability/metrics.ts';
import { stopping } from '../rooms/refusals.ts';
import { requirePassword } from './admin-access.ts';
import { apiRoutes, type ApiDeps } from './api.ts';
import { controlRoutes, type ControlRouteDeps } from './control.ts';
import { handContainersOn } from './cluster/hand-containers-on.ts';
import { handDeliveriesOn } from './cluster/hand-deliveries-on.ts';
import { handOn } from './cluster/hand-on.ts';
import { handRecordingsOn } from './cluster/hand-recordings-on.ts';
import { shownRight } from './cluster/shown-right.ts';
import { mergedLists } from './cluster/merged-lists.ts';
import { acceptPeers, noteMove } from './cluster/peer-entry.ts';
import { standingRoutes } from './cluster/standing.ts';
import { viewerRoutes, type ViewerFinder } from './cluster/viewers-elsewhere.ts';
import { cors } from './cors.ts';
import { diagnosisRoutes, type DiagnosisDeps } from './diagnosis.ts';
import { readForwarded } from './forwarded.ts';
import { eventRoutes } from './events.ts';
import { healthRoutes, type HealthDeps } from './health.ts';
import { hookRoutes, type HookDeps } from './hooks.ts';
import { hostRoutes, type HostRouteDeps } from './hosts.ts';
import { iceServerRoutes, type IceServerDeps } from './ice-servers.ts';
import { iceSourceRoutes } from './ice-sources.ts';
import { layerRoutes } from './layers.ts';
import { refuseUnknownMethods } from './methods.ts';
import { observe } from './observe.ts';
import { pageRoutes } from './pages.ts';
import { peerRoutes, type PeerRouteDeps } from './peers.ts';
import { requireHttps, type PlainHttp } from './plain-http.ts';
import { problemHandler, type Records } from './problem.ts';
import { checkHead } from './request-checks.ts';
import { referenceRoutes } from './api/reference.ts';
import { securityHeaders } from './security-headers.ts';
import { sessionRoutes, type SessionResourceDeps } from './session-resource.ts';
import { signallingRoutes, type SignallingDeps } from './signalling.ts';
import { socketRoutes, type SocketDeps } from './sockets.ts';
import { refuseWebSocket } from './upgrades.ts';

export interface AppDeps
  extends
    ApiDeps,
    HookDeps,
    HealthDeps,
    ControlRouteDeps,
    DiagnosisDeps,
    HostRouteDeps,
    IceServerDeps,
    PeerRouteDeps,
    SessionResourceDeps,
    SignallingDeps,
    SocketDeps {
  readonly log: Records['log'];
  readonly metrics: Metrics;
  readonly corsOrigins: readonly string[];
  readonly privateNetworkAccess: boolean;
  readonly plainHttp: PlainHttp;
  readonly trustedProxies: readonly string[];
  readonly pagesFolder: string;
  readonly embedOrigins: readonly string[];
  /** Whose task it is to look after containers; undefined: Docker is off. */
  readonly containerPost: Post | undefined;
  /** Clients come by HTTPS. */
  readonly https: boolean;
  readonly viewerHere: ViewerFinder;
}

/** The HTTP edge, top to bottom in the order a request meets it. */
export function createApp(deps: AppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', deps.trustedProxies.length > 0 ? [...deps.trustedProxies] : false);
  app.set('query parser', 'simple');
  app.set('case sensitive routing', true);
  app.set('etag', false);

  app.use(requestId, observe(deps.metrics), acceptPeers(deps.edge?.passes));
  app.use(readForwarded, securityHeaders(deps));
  // Before any refusal: a script reads why only when CORS allows it (CORS-06).
  app.use(CALLED_BY_SCRIPTS, cors({ ...deps, origins: deps.corsOrigins }));
  app.use(refuseUnknownMethods, checkHead, refuseWebSocket, healthRoutes(deps), hookRoutes(deps));
  app.use(standingRoutes(deps.edge), viewerRoutes(deps.edge, deps.viewerHere));
  app.use(CALLED_BY_SCRIPTS, requireHttps(deps.plainHttp));
  app.use(
    refuseWhileStopping(deps.readiness),
    handOn(deps.edge, (req) => shownRight(req, deps)),
  );
  app.use(signallingRoutes(deps), sessionRoutes(deps), eventRoutes(deps), layerRoutes(deps));
  app.use(socketRoutes(deps));
  app.use(referenceRoutes(deps.limits.guard));
  app.use('/api', preflight, deps.limits.guard);
  app.use('/api/v1/containers', handContainersOn(deps.edge, deps.containerPost));
  app.use('/api/v1/webhooks', handDeliveriesOn(deps.edge));
  app.use('/api/v1/recordings', handRecordingsOn(deps));
  app.use(
    mergedLists(deps.edge),
    apiRoutes(deps),
    hostRoutes(deps),
    controlRoutes(deps),
    diagnosisRoutes(deps),
    iceServerRoutes(deps),
    iceSourceRoutes(deps),
    peerRoutes(deps),
    pageRoutes(deps.pagesFolder, deps.limits.guard, requirePassword(deps)),
  );
  app.use((): never => {
    throw new GatewayError('not-found', 'There is nothing at this address.');
  });
  app.use(problemHandler(deps));
  return app;
}

/** Hooks alone, for a listener of this machine that no client is to find. */
export function createHookApp(deps: HookDeps & Records): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(requestId, checkHead, hookRoutes(deps), problemHandler(deps));
  return app;
}

function requestId(_req: Request, res: Response, next: NextFunction): void {
  const id = randomUUID();
  res.locals['request'] = id;
  res.set('X-Request-Id', id);
  next();
}

const CALLED_BY_SCRIPTS = [
  ...['/whip', '/whep', '/sessions', '/events', '/layers', '/api', '/ws'],
  '/openapi.json',
];

const refuseWhileStopping =
  (readiness: { readonly isStopping: boolean }) =>
  (req: Request, res: Response, next: NextFunction): void => {
    if (!readiness.isStopping) {
      next();
      return;
    }
    noteMove(req, res);
    res.set('Connection', 'close');
    throw stopping();
  };

/** A preflight carries no token (Fetch); answered before any route asks for one. */
function preflight(req: Request, res: Response, next: NextFunction): void {
  if (req.method === 'OPTIONS') res.status(200).end();
  else next();
}
