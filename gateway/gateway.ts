import type { RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Tokens } from './auth/tokens.ts';
import { isLoopback } from './config/loopback.ts';
import { engineEnvironment } from './config/engine-environment.ts';
import { ConfigError, type Config, type NodeSettings } from './config/load.ts';
import { EventStreams } from './events/event-streams.ts';
import { createApp, createHookApp } from './http/app.ts';
import { notReady } from './http/health.ts';
import { HookAddresses } from './http/hook-addresses.ts';
import type { HookDeps } from './http/hooks.ts';
import { RateLimits } from './http/rate-limit.ts';
import { HttpServer } from './http/server.ts';
import type { IceServerSource } from './ice/ice-server-source.ts';
import { ServerFile } from './ice/server-file.ts';
import { Lifecycle, type Service } from './lifecycle.ts';
import { Networks } from './limits/networks.ts';
import { Listeners } from './listeners.ts';
import { localUrl, reachableHost } from './local-url.ts';
import { LocalNode } from './media/local-node.ts';
import type { MediaNode } from './media/node.ts';
import { readHook } from './media/srs/hooks.ts';
import { SrsNode } from './media/srs/srs-node.ts';
import { NodeTransport } from './media/srs/transport.ts';
import type { Logger } from './observability/logger.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { recordSessions } from './observability/session-record.ts';
import { watchTables } from './observability/table-sizes.ts';
import { createRights } from './rights.ts';
import { Expiry } from './rooms/expiry.ts';
import { HookDesk } from './rooms/hook-desk.ts';
import { NodeWatch } from './rooms/node-watch.ts';
import { Nodes } from './rooms/nodes.ts';
import { Registry } from './rooms/registry.ts';
import { sessionObservers } from './rooms/session-observers.ts';
import { Sessions } from './rooms/sessions.ts';
import { Tickets } from './rooms/tickets.ts';

const ENGINE_SCRIPT = fileURLToPath(new URL('../srs/embedded/main.ts', import.meta.url));
const PAGES_FOLDER = fileURLToPath(new URL('../web/dist', import.meta.url));

/** A gateway, built and not yet listening. */
export interface Gateway {
  readonly tokens: Tokens;
  /** Listens and waits for its nodes' first answer; resolves with the address clients use. */
  start(): Promise<string>;
  /** Reads the certificate files anew; they are watched as well. */
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
  const rights = createRights(config, log, now);
  const { tokens, revocations, adminLogin } = rights;
  const nodes = new Nodes(config.nodes.map((settings) => createNode(settings, metrics)));
  const registry = new Registry();
  const tickets = new Tickets(now);
  const events = new EventStreams({
    registry,
    maxStreams: config.MAX_EVENT_STREAMS,
    onCount: (streams) => metrics.eventStreams.set(streams),
  });
  const sessions = new Sessions({
    registry,
    tickets,
    pickNode: () => nodes.pick((node) => registry.load(node)),
    rules: {
      maxSessions: config.MAX_SESSIONS,
      maxViewersPerRoom: config.MAX_VIEWERS_PER_ROOM,
      maxSessionsPerRoom: config.MAX_SESSIONS_PER_ROOM,
      maxSessionsPerSubject: config.MAX_SESSIONS_PER_SUBJECT,
      maxHalfOpenPerSubject: config.MAX_HALF_OPEN_PUBLISHES,
      withoutPublisher: config.WHEP_WITHOUT_PUBLISHER,
    },
    observer: sessionObservers([recordSessions(log, metrics, registry), events]),
    now,
  });
  const hookDesk = new HookDesk({ sessions, nodes, log });
  const watch = new NodeWatch({
    nodes,
    sessions,
    log,
    now,
    onHealth: (healthy) => metrics.nodesHealthy.set(healthy),
  });
  const isRevoked = revocations.covers.bind(revocations);
  const expiry = new Expiry({ sessions, isRevoked, now });
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
    endRevoked: () => expiry.sweep(),
    sessions,
    nodes,
    log,
    now,
    limits,
    ...hooks,
    iceServers: iceServers(config),
    events,
    publicUrl: config.PUBLIC_URL,
    metricsPublic: config.METRICS_PUBLIC,
    behindProxy: isBehindProxy(config),
    https: config.tls !== undefined || config.PUBLIC_URL?.startsWith('https:') === true,
    corsOrigins: config.CORS_ORIGINS,
    privateNetworkAccess: config.PRIVATE_NETWORK_ACCESS,
    plainHttp: config.PLAIN_HTTP,
    tokenInQuery: config.TOKEN_IN_QUERY,
    ifMatch: config.IF_MATCH,
    trustedProxies: config.TRUSTED_PROXIES,
    pagesFolder: PAGES_FOLDER,
    isStopping: () => stopping,
  });
  const listeners = new Listeners(config, app, log);
  watchTables(metrics.registry, {
    sessions: () => registry.size,
    rooms: () => registry.roomCount,
    tickets: () => tickets.size,
    limiter: () => limits.size,
    addresses: () => listeners.addresses,
  });
  const services: Service[] = [
    { name: 'nodes', start: () => undefined, close: () => closeNodes(nodes) },
    ...rights.services,
    listeners,
    ...localNode(config, log, () => listeners.port, { nodes, watch, metrics, hooks }),
    { name: 'node watch', start: () => watch.start(), close: () => watch.close() },
    { name: 'hook desk', start: () => undefined, close: () => hookDesk.close() },
    { name: 'expiry', start: () => expiry.start(), close: () => expiry.close() },
    { name: 'sessions', start: () => watch.check(), close: () => sessions.close() },
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
    reload: () => listeners.reload(),
    notReady: () => notReady({ nodes, isStopping: () => stopping }),
    close: () => lifecycle.close(),
  };
}

/** The embedded engine as a service, when no node is configured. */
function localNode(
  config: Config,
  log: Logger,
  port: () => number,
  parts: {
    nodes: Nodes;
    watch: NodeWatch;
    metrics: Metrics;
    hooks: HookDeps;
  },
): Service[] {
  if (config.nodes.length > 0) return [];
  const { nodes, watch, metrics } = parts;
  // With TLS on, hooks come in by a plain loopback port of their own: the certificate is for others.
  const hooks =
    config.tls === undefined
      ? undefined
      : hookServer(config, createHookApp({ ...parts.hooks, log }));
  let local: LocalNode | undefined;
  return [
    {
      name: 'embedded engine',
      start: async () => {
        const hookPort = (await hooks?.listen()) ?? port();
        const host = hooks === undefined ? reachableHost(config.HOST) : '127.0.0.1';
        const secret = encodeURIComponent(config.HOOK_SECRET.reveal());
        const hooksUrl = `http://${host}:${hookPort}/api/srs?secret=${secret}`;
        local = new LocalNode({
          script: ENGINE_SCRIPT,
          environment: engineEnvironment(config, hooksUrl),
          log,
          onReady: (apiUrl) => {
            if (nodes.list().length === 0) {
              const { nodePassword: password } = config;
              const settings = { apiUrl, signallingUrl: apiUrl, user: 'gateway', password };
              nodes.add(createNode(settings, metrics));
            }
            void watch.check();
          },
        });
        await local.start();
      },
      close: async () => {
        await local?.close();
        await hooks?.close();
      },
    },
  ];
}

const hookServer = (config: Config, app: RequestListener): HttpServer =>
  new HttpServer(
    {
      host: '127.0.0.1',
      port: 0,
      tls: undefined,
      maxConnections: config.MAX_CONNECTIONS,
      maxConnectionsPerAddress: config.MAX_CONNECTIONS_PER_ADDRESS,
      trustedProxies: new Networks([]),
    },
    app,
  );

/** Whether clients come through a proxy, as far as the settings tell. */
const isBehindProxy = ({ PUBLIC_URL: url, TRUSTED_PROXIES: proxies }: Config): boolean =>
  proxies.length > 0 || (url !== undefined && !isLoopback(new URL(url).hostname));

function createNode(settings: NodeSettings, metrics: Metrics): MediaNode {
  const transport = new NodeTransport({
    ...settings,
    password: settings.password?.reveal(),
  });
  return new SrsNode(new URL(settings.apiUrl).host, transport, (operation, result, seconds) =>
    metrics.nodeRequests.observe({ operation, result }, seconds),
  );
}

function iceServers({ ICE_SERVERS_FILE: path }: Config): IceServerSource {
  if (path === undefined) return { current: () => [] };
  try {
    return new ServerFile(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`ICE_SERVERS_FILE: ${why}`]);
  }
}

const closeNodes = async (nodes: Nodes): Promise<void> => {
  await Promise.all(nodes.list().map(({ node }) => node.close()));
};
