import { fileURLToPath } from 'node:url';
import { AuditLog } from './audit/audit-log.ts';
import type { Tokens } from './auth/tokens.ts';
import { isLoopback } from './config/loopback.ts';
import { channelSettings } from './config/channel-settings.ts';
import { ConfigError, type Config } from './config/load.ts';
import { controlPolicy } from './control-policy.ts';
import { createAddresses } from './create-addresses.ts';
import { createIce } from './create-ice.ts';
import { createMedia } from './create-media.ts';
import { createNode } from './create-node.ts';
import { createSignal } from './create-signal.ts';
import { embeddedEngine } from './embedded-engine.ts';
import { EventStreams } from './events/event-streams.ts';
import { createApp } from './http/app.ts';
import { notReady } from './http/health.ts';
import { HostTokens } from './host-tokens.ts';
import { HookAddresses } from './http/hook-addresses.ts';
import type { HookDeps } from './http/hooks.ts';
import { RateLimits } from './http/rate-limit.ts';
import { Lifecycle, type Service } from './lifecycle.ts';
import { Listeners } from './listeners.ts';
import { localUrl } from './local-url.ts';
import { readHook } from './media/srs/hooks.ts';
import { createAuditStream, type AuditStream } from './observability/audit-stream.ts';
import type { Logger } from './observability/logger.ts';
import { watchAddresses } from './observability/address-figures.ts';
import { watchIceSources } from './observability/ice-figures.ts';
import { createMetrics } from './observability/metrics.ts';
import { recordSessions } from './observability/session-record.ts';
import { watchTables } from './observability/table-sizes.ts';
import { createRights } from './rights.ts';
import { Audiences } from './rooms/audiences.ts';
import { Diaries } from './rooms/diaries.ts';
import { Expiry } from './rooms/expiry.ts';
import { HookDesk } from './rooms/hook-desk.ts';
import { LayerDesk } from './rooms/layer-desk.ts';
import { NodeWatch } from './rooms/node-watch.ts';
import { Nodes } from './rooms/nodes.ts';
import { Registry } from './rooms/registry.ts';
import { sessionObservers } from './rooms/session-observers.ts';
import { Sessions } from './rooms/sessions.ts';
import { Tickets } from './rooms/tickets.ts';
import { createSockets } from './sockets.ts';

const PAGES_FOLDER = fileURLToPath(new URL('../web/dist', import.meta.url));

/** A gateway, built and not yet listening. */
export interface Gateway {
  readonly tokens: Tokens;
  /** Listens and waits for its nodes' first answer; resolves with the address clients use. */
  start(): Promise<string>;
  /** Reads the certificate files anew, which are watched as well; begins a new audit file. */
  reload(): void;
  /** Why it cannot serve, one sentence each; empty when it can. */
  notReady(): readonly string[];
  /** Drains and stops: see docs/closing.md for the order. Idempotent. */
  close(): Promise<void>;
}

/**
 * The composition root: the one place that knows every part.
 * @throws ConfigError when a key file holds no usable key.
 */
export function createGateway(config: Config, log: Logger): Gateway {
  const now = Date.now;
  const metrics = createMetrics();
  const audit = new AuditLog(auditStream(config, log));
  const rights = createRights(config, log, now);
  const { tokens, revocations, adminLogin } = rights;
  const nodes = new Nodes(config.nodes.map((settings) => createNode(settings, metrics)));
  const { addresses, trials, announce } = createAddresses(config, { nodes, log, now });
  const registry = new Registry();
  const tickets = new Tickets(now);
  const audiences = new Audiences(registry);
  const events = new EventStreams({
    registry,
    audiences,
    maxStreams: config.MAX_EVENT_STREAMS,
    onCount: (streams) => metrics.eventStreams.set(streams),
  });
  const layers = new LayerDesk();
  const diaries = new Diaries({ now, onStep: (...step) => metrics.stepSeconds.observe(...step) });
  const sockets = createSockets({
    registry,
    onSteps: (steps) => diaries.hear(steps),
    viewerRules: {
      maxInAll: config.MAX_VIEWER_SOCKETS,
      maxPerRoom: config.MAX_VIEWERS_PER_ROOM,
    },
    channels: channelSettings(config),
    controlPolicy: controlPolicy(config),
    audit,
    log,
    metrics,
    now,
  });
  const sessions = new Sessions({
    registry,
    tickets,
    pickNode: () => nodes.pick((node) => registry.load(node)),
    announce,
    rules: {
      maxSessions: config.MAX_SESSIONS,
      maxViewersPerRoom: config.MAX_VIEWERS_PER_ROOM,
      maxSessionsPerRoom: config.MAX_SESSIONS_PER_ROOM,
      maxSessionsPerSubject: config.MAX_SESSIONS_PER_SUBJECT,
      maxHalfOpenPerSubject: config.MAX_HALF_OPEN_PUBLISHES,
      withoutPublisher: config.WHEP_WITHOUT_PUBLISHER,
    },
    observer: sessionObservers([
      recordSessions(log, metrics, registry),
      audiences,
      events,
      layers,
      sockets.observer,
      diaries,
    ]),
    now,
  });
  const { MEDIA_WEBSOCKET: isOn } = config;
  const media = createMedia({ isOn, sessions, audiences, ...sockets, metrics });
  const hookDesk = new HookDesk({ sessions, trials, nodes, log });
  const watch = new NodeWatch({
    nodes,
    sessions,
    trials,
    log,
    now,
    onHealth: (healthy) => metrics.nodesHealthy.set(healthy),
    onReady: (node) => void addresses.welcome(node),
  });
  const isRevoked = revocations.covers.bind(revocations);
  const iceServers = createIce(config, log, now);
  const { REDIS_URL: redisUrl } = config;
  const signal = createSignal({ redisUrl, iceServers, ...sockets, log, metrics, now });
  const grantHolders = [...sockets.grantHolders, signal.signalDesk, iceServers];
  const expiry = new Expiry({ sessions, others: grantHolders, isRevoked, now });
  let stopping = false;
  const limits = new RateLimits({
    requests: config.RATE_LIMIT_PER_MINUTE,
    failures: config.FAILED_LOGINS_PER_MINUTE,
    subjectPublishes: config.SUBJECT_PUBLISHES_PER_MINUTE,
    subjectOffers: config.SUBJECT_OFFERS_PER_MINUTE,
    roomOffers: config.ROOM_OFFERS_PER_MINUTE,
  });
  const hooks: HookDeps = {
    secret: config.HOOK_SECRET.reveal(),
    hookAddresses: new HookAddresses({
      allowed: config.HOOK_ALLOWED_ADDRESSES,
      nodeUrls: config.nodes.map(({ apiUrl }) => apiUrl),
      now,
    }),
    read: readHook,
    handle: (hook) => hookDesk.handle(hook),
    metrics,
  };
  const app = createApp({
    tokens,
    revocations,
    adminLogin,
    audit,
    endRevoked: () => expiry.sweep(),
    sessions,
    nodes,
    addresses,
    trials,
    diaries,
    mediaWebSocket: config.MEDIA_WEBSOCKET,
    ...sockets,
    ...media,
    ...signal,
    log,
    now,
    limits,
    ...hooks,
    iceServers,
    events,
    layers,
    publicUrl: config.PUBLIC_URL,
    metricsPublic: config.METRICS_PUBLIC,
    behindProxy: isBehindProxy(config),
    https: config.tls !== undefined || config.PUBLIC_URL?.startsWith('https:') === true,
    corsOrigins: config.CORS_ORIGINS,
    embedOrigins: config.EMBED_ORIGINS,
    privateNetworkAccess: config.PRIVATE_NETWORK_ACCESS,
    plainHttp: config.PLAIN_HTTP,
    tokenInQuery: config.TOKEN_IN_QUERY,
    ifMatch: config.IF_MATCH,
    trustedProxies: config.TRUSTED_PROXIES,
    pagesFolder: PAGES_FOLDER,
    isStopping: () => stopping,
  });
  const listeners = new Listeners(config, app, { log, audit });
  watchIceSources(metrics.registry, { views: () => iceServers.views(), now });
  watchAddresses(metrics.registry, () => addresses.views());
  watchTables(metrics.registry, {
    sessions: () => registry.size,
    rooms: () => registry.roomCount,
    tickets: () => tickets.size,
    trials: () => trials.size,
    diaries: () => diaries.size,
    limiter: () => limits.size,
    addresses: () => listeners.addresses,
    ...sockets.tables,
    ...media.tables,
    ...signal.tables,
  });
  const services: Service[] = [
    { name: 'nodes', start: () => undefined, close: () => closeNodes(nodes) },
    audit,
    ...rights.services,
    { name: 'ICE servers', start: () => iceServers.start(), close: () => iceServers.close() },
    new HostTokens({ dataDir: config.DATA_DIR, rooms: config.HOST_TOKENS, tokens, now }),
    listeners,
    ...embeddedEngine(config, () => listeners.port, { nodes, watch, metrics, hooks, audit, log }),
    { name: 'node watch', start: () => watch.start(), close: () => watch.close() },
    { name: 'addresses', start: () => addresses.start(), close: () => addresses.close() },
    { name: 'hook desk', start: () => undefined, close: () => hookDesk.close() },
    { name: 'expiry', start: () => expiry.start(), close: () => expiry.close() },
    { name: 'trials', start: () => undefined, close: () => trials.close() },
    { name: 'sessions', start: () => watch.check(), close: () => sessions.close() },
    signal.service,
    sockets.service,
    {
      name: 'readiness',
      start: () => undefined,
      close: () => {
        stopping = true;
      },
    },
  ];
  const lifecycle = new Lifecycle(services, { log, deadlineMs: config.SHUTDOWN_TIMEOUT_MS });
  return {
    tokens,
    start: async () => {
      await lifecycle.start();
      return config.PUBLIC_URL ?? localUrl(config, listeners.port);
    },
    reload: () => {
      listeners.reload();
      audit.reopen();
    },
    notReady: () => notReady({ nodes, isStopping: () => stopping }),
    close: () => lifecycle.close(),
  };
}

/** Whether clients come through a proxy, as far as the settings tell. */
const isBehindProxy = ({ PUBLIC_URL: url, TRUSTED_PROXIES: proxies }: Config): boolean =>
  proxies.length > 0 || (url !== undefined && !isLoopback(new URL(url).hostname));

function auditStream({ AUDIT_LOG_FILE: file }: Config, log: Logger): AuditStream {
  try {
    return createAuditStream(log, file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`AUDIT_LOG_FILE: cannot be opened: ${why}`]);
  }
}

const closeNodes = async (nodes: Nodes): Promise<void> => {
  await Promise.all(nodes.list().map(({ node }) => node.close()));
};
