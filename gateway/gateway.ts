import { fileURLToPath } from 'node:url';
import type { Tokens } from './auth/tokens.ts';
import { channelSettings } from './config/channel-settings.ts';
import type { Config } from './config/load.ts';
import { controlPolicy } from './control-policy.ts';
import { createAccounts } from './create-accounts.ts';
import { createAdoption } from './create-adoption.ts';
import { createAudit } from './create-audit.ts';
import { createAddresses } from './create-addresses.ts';
import { createCluster } from './create-cluster.ts';
import { createDocker } from './create-docker.ts';
import { createEvents } from './create-events.ts';
import { createFigures } from './create-figures.ts';
import { createHooks } from './create-hooks.ts';
import { createIce } from './create-ice.ts';
import { createLimits } from './create-limits.ts';
import { createMedia } from './create-media.ts';
import { createNodes, watchNodes } from './create-nodes.ts';
import { createNodeSources } from './create-node-sources.ts';
import { createRecordings } from './create-recordings.ts';
import { createSignal } from './create-signal.ts';
import { edgeSettings } from './edge-settings.ts';
import { embeddedEngine } from './embedded-engine.ts';
import { EventStreams } from './events/event-streams.ts';
import { createApp } from './http/app.ts';
import { notReady } from './http/health.ts';
import { HostTokens } from './host-tokens.ts';
import { Lifecycle, type Service } from './lifecycle.ts';
import { Listeners } from './listeners.ts';
import { localUrl } from './local-url.ts';
import { Readiness } from './readiness.ts';
import type { Logger } from './observability/logger.ts';
import { createMetrics } from './observability/metrics.ts';
import { recordSessions } from './observability/session-record.ts';
import type { RoomId } from './protocol/ids.ts';
import { createRights } from './rights.ts';
import { Audiences } from './rooms/audiences.ts';
import { Diaries } from './rooms/diaries.ts';
import { Expiry } from './rooms/expiry.ts';
import { HookDesk } from './rooms/hook-desk.ts';
import { LayerDesk } from './rooms/layer-desk.ts';
import { Registry } from './rooms/registry.ts';
import { sessionObservers } from './rooms/session-observers.ts';
import { Sessions } from './rooms/sessions.ts';
import { Tickets } from './rooms/tickets.ts';
import { sessionRules } from './session-rules.ts';
import { createSockets } from './sockets.ts';
import { traceProtocol } from './config/tracing-settings.ts';
import { Tracing } from './tracing/tracing.ts';
import { watchParts } from './watch-parts.ts';

const PAGES_FOLDER = fileURLToPath(new URL('../web/dist', import.meta.url));

/** A gateway, built and not yet listening. */
export interface Gateway {
  readonly tokens: Tokens;
  /** Listens and waits for its nodes' first answer; resolves with the address clients use. */
  start(): Promise<string>;
  /** Reads certificate files and SRS_NODES_FILE anew, which are watched as well; begins a new audit file. */
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
  const tracer = new Tracing(traceProtocol(config), log);
  const { audit, auditStore } = createAudit(config, log, now);
  const isEmpty = (room: RoomId): boolean =>
    !registry.room(room) && sockets.isEmpty(room) && !recordings.desk.isRecording(room);
  const cluster = createCluster(config, { isEmpty, metrics, log, now });
  const adoption = createAdoption(cluster);
  const gatewayEvents = createEvents(config, { audit, ...cluster, log, metrics, tracer, now });
  const { bus, operatorStreams } = gatewayEvents;
  const { accountService, ...people } = createAccounts(config, { ...cluster, log, now });
  const rights = createRights(config, { origins: people.origins, log, now });
  const { tokens, revocations, adminLogin, isRevoked } = rights;
  const registry = new Registry();
  const fleet = createNodes(config, { registry, metrics, ...adoption, log, now });
  const { nodes, placement } = fleet;
  const { addresses, trials, announce } = createAddresses(config, { nodes, ...cluster, log, now });
  const tickets = new Tickets(now);
  const audiences = new Audiences(registry);
  const events = new EventStreams({
    ...{ registry, audiences, names: cluster.names },
    maxStreams: config.MAX_EVENT_STREAMS,
    onCount: (streams) => metrics.eventStreams.set(streams),
    onChange: adoption.onSession,
    hasHost: (place) => sockets.sources.find(place)?.host != null,
  });
  const layers = new LayerDesk(cluster.names);
  const { recordings, ...recorded } = createRecordings(config, {
    ...{ nodes, ...cluster, bus, log, now },
    journals: () => sockets.journals,
  });
  const observation = createFigures({
    ...{ registry, ...fleet, metrics, log, now },
    controllers: () => sockets.controllers(),
    hosts: () => sockets.hostDesk.size,
    webhookBacklog: () => gatewayEvents.webhooks.backlog,
  });
  const diaries = new Diaries({ now, onStep: observation.onStep });
  const sockets = createSockets({
    registry,
    onSteps: (steps) => diaries.hear(steps),
    onReport: observation.onReport,
    recordingOf: (room) => recordings.desk.outline(room),
    viewerRules: {
      maxInAll: config.MAX_VIEWER_SOCKETS,
      maxPerRoom: config.MAX_VIEWERS_PER_ROOM,
    },
    channels: channelSettings(config),
    controlPolicy: controlPolicy(config),
    journalDetail: config.RECORD_INPUT,
    ...adoption,
    ...{ audit, bus, log, metrics, tracer, now },
  });
  const sessions = new Sessions({
    registry,
    tickets,
    placement,
    carrier: fleet.carriages,
    ...{ announce, rules: sessionRules(config), names: cluster.names, keep: adoption.keep, now },
    observer: sessionObservers([
      recordSessions(log, metrics, registry),
      gatewayEvents.sessionTraces,
      gatewayEvents.sessionEvents,
      audiences,
      events,
      layers,
      sockets.observer,
      diaries,
      recordings.desk,
      fleet.carriages,
      fleet.homecoming,
      adoption.observer,
    ]),
  });
  const { MEDIA_WEBSOCKET: isOn } = config;
  const media = createMedia({ isOn, sessions, audiences, ...sockets, metrics });
  const hookDesk = new HookDesk({
    ...{ sessions, trials, nodes, carriages: fleet.carriages },
    onFile: ({ path, error }) => recordings.told(path, error),
    onAdmitted: adoption.onAdmitted,
    log,
  });
  const watch = watchNodes(fleet, {
    ...{ sessions, trials, addresses, metrics, log, now },
    recorders: recordings.recorders,
    ...gatewayEvents,
    ...adoption,
  });
  const docker = createDocker(config, {
    ...{ fleet, fleetDesk: watch.desk, check: watch.check, bus },
    ...{ cluster, addresses, metrics, log, now },
  });
  const iceServers = createIce(config, log, now);
  const signal = createSignal(config, { iceServers, ...cluster, ...sockets, log, metrics, now });
  const grantHolders = [...sockets.grantHolders, signal.signalDesk, iceServers, operatorStreams];
  const expiry = new Expiry({ sessions, others: grantHolders, isRevoked, now });
  people.accounts.onChange(() => expiry.sweep());
  adoption.use({
    ...{ registry, sessions, ...sockets, events, layers, ...fleet, revocations, log, now },
    sockets: [...sockets.roomSockets, signal.signalDesk, recordings.desk],
    check: watch.check,
    sweep: () => expiry.sweep(),
  });
  const readiness = new Readiness(config);
  const limits = createLimits(config);
  const nodeSources = createNodeSources(config, { ...fleet, ...watch, cluster, metrics, log, now });
  const hooks = createHooks(config, {
    ...{ ...fleet, ...nodeSources, ...cluster },
    ...{ hookDesk, metrics, now },
  });
  const app = createApp({
    ...{ tokens, revocations, adminLogin },
    ...people,
    isRevoked,
    audit,
    endRevoked: () => expiry.sweep(),
    sessions,
    ...fleet,
    ...nodeSources,
    ...{ fleetDesk: watch.desk, ...docker },
    addresses,
    trials,
    diaries,
    figures: observation.figures,
    ...sockets,
    ...media,
    ...signal,
    ...{ log, tracer, now, limits },
    ...hooks,
    iceServers,
    recordings,
    ...recorded,
    events,
    ...gatewayEvents,
    auditStore,
    layers,
    ...edgeSettings(config),
    pagesFolder: PAGES_FOLDER,
    readiness,
  });
  const listeners = new Listeners(config, app, { log, audit, isPeer: cluster.isPeer });
  watchParts(metrics.registry, {
    ...{ iceServers, addresses, recordings, bus, registry, tickets, trials, diaries, limits, now },
    ...{ listeners, tables: { ...sockets.tables, ...media.tables, ...signal.tables } },
  });
  const services: Service[] = [
    tracer,
    cluster.service,
    adoption.service,
    { name: 'nodes', start: () => undefined, close: () => nodes.close() },
    audit,
    gatewayEvents.eventService,
    accountService,
    ...rights.services,
    recordings,
    { name: 'ICE servers', start: () => iceServers.start(), close: () => iceServers.close() },
    new HostTokens({ dataDir: config.DATA_DIR, rooms: config.HOST_TOKENS, tokens, now }),
    listeners,
    ...embeddedEngine(config, () => listeners.port, { ...fleet, watch, hooks, audit, log }),
    nodeSources.service,
    observation.service,
    watch.service,
    ...docker.services,
    { name: 'addresses', start: () => addresses.start(), close: () => addresses.close() },
    { name: 'hook desk', start: () => undefined, close: () => hookDesk.close() },
    { name: 'expiry', start: () => expiry.start(), close: () => expiry.close() },
    { name: 'trials', start: () => undefined, close: () => trials.close() },
    { name: 'sessions', start: () => watch.check(), close: () => sessions.close() },
    signal.service,
    sockets.service,
    gatewayEvents.streamService,
    adoption.leaving,
    readiness,
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
      nodeSources.reload();
    },
    notReady: () => notReady({ nodes, ...nodeSources, readiness }),
    close: () => lifecycle.close(),
  };
}
