import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** Seconds; the targets are 1 ms and 5 ms, a node's hook may take 30 s. */
const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 35];

/** Seconds; a picture is to be there within 0.3 s, and ICE gives up after some 15. */
const STEP_BUCKETS = [0.001, 0.005, 0.02, 0.05, 0.1, 0.15, 0.3, 0.6, 1, 2, 5, 15];

/** Seconds; the gateway's share is to be below 0.5 ms, a picture some 70 ms. */
const INPUT_BUCKETS = [
  ...[0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01],
  ...[0.025, 0.05, 0.07, 0.1, 0.15, 0.25, 0.5, 1],
];

/**
 * The gateway's own figures. No label has a value that a user can create (no room, session or
 * address): at most a few hundred series whatever the load.
 */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    attempts: new Counter({
      name: 'pixelcast_session_attempts_total',
      help: 'Offers and media sockets by outcome; refused is the client’s mistake, failed is ours.',
      labelNames: ['kind', 'transport', 'result'] as const,
      registers,
    }),
    sessionRefusals: new Counter({
      name: 'pixelcast_session_refusals_total',
      help: 'Offers and media sockets that got no session, by the code of their problem.',
      labelNames: ['kind', 'transport', 'code'] as const,
      registers,
    }),
    ended: new Counter({
      name: 'pixelcast_sessions_ended_total',
      help: 'Sessions that ended, by reason.',
      labelNames: ['kind', 'transport', 'reason'] as const,
      registers,
    }),
    stepSeconds: new Histogram({
      name: 'pixelcast_session_step_seconds',
      help: 'Steps of sessions from their request to the first picture, by who saw them.',
      labelNames: ['kind', 'step', 'by'] as const,
      buckets: STEP_BUCKETS,
      registers,
    }),
    sessions: new Gauge({
      name: 'pixelcast_sessions',
      help: 'Sessions now, by kind and by how their media goes.',
      labelNames: ['kind', 'transport'] as const,
      registers,
    }),
    rooms: new Gauge({ name: 'pixelcast_rooms', help: 'Rooms with a session now.', registers }),
    eventStreams: new Gauge({
      name: 'pixelcast_event_streams',
      help: 'Streams of server-sent events now.',
      registers,
    }),
    hosts: new Gauge({ name: 'pixelcast_hosts', help: 'Hosts that said hello.', registers }),
    hostCommands: new Counter({
      name: 'pixelcast_host_commands_total',
      help: 'Commands of operators to hosts, by outcome.',
      labelNames: ['result'] as const,
      registers,
    }),
    sockets: new Gauge({
      name: 'pixelcast_sockets',
      help: 'WebSockets now, by kind.',
      labelNames: ['kind'] as const,
      registers,
    }),
    socketsEnded: new Counter({
      name: 'pixelcast_sockets_ended_total',
      help: 'WebSockets that ended, by reason.',
      labelNames: ['kind', 'reason'] as const,
      registers,
    }),
    inputFrames: new Counter({
      name: 'pixelcast_input_frames_total',
      help: 'Input frames of viewers: passed to a host, or why not.',
      labelNames: ['result'] as const,
      registers,
    }),
    inputEvents: new Counter({
      name: 'pixelcast_input_events_total',
      help: 'What was in input frames, and contents of clipboards: passed on, or why not.',
      labelNames: ['type', 'result'] as const,
      registers,
    }),
    inputSeconds: new Histogram({
      name: 'pixelcast_input_seconds',
      help: 'Input on its way: viewer to gateway, through the gateway, host and back, until a picture.',
      labelNames: ['stage'] as const,
      buckets: INPUT_BUCKETS,
      registers,
    }),
    controlChanges: new Counter({
      name: 'pixelcast_control_changes_total',
      help: 'Decisions about control: how leases began and why they ended, denials, policies.',
      labelNames: ['change'] as const,
      registers,
    }),
    controlRefusals: new Counter({
      name: 'pixelcast_control_refusals_total',
      help: 'Wishes about control that were refused, by reason.',
      labelNames: ['why'] as const,
      registers,
    }),
    hooks: new Counter({
      name: 'pixelcast_hooks_total',
      help: 'Hooks received from nodes.',
      labelNames: ['event', 'result'] as const,
      registers,
    }),
    nodeRequests: new Histogram({
      name: 'pixelcast_node_request_seconds',
      help: 'Requests to nodes.',
      labelNames: ['operation', 'result'] as const,
      buckets: LATENCY_BUCKETS,
      registers,
    }),
    nodesHealthy: new Gauge({ name: 'pixelcast_nodes_healthy', help: 'Healthy nodes.', registers }),
    httpRequests: new Counter({
      name: 'pixelcast_http_requests_total',
      help: 'HTTP requests by route and status class.',
      labelNames: ['route', 'method', 'status'] as const,
      registers,
    }),
    httpSeconds: new Histogram({
      name: 'pixelcast_http_request_seconds',
      help: 'How long HTTP requests took, by the first word of their route.',
      labelNames: ['area'] as const,
      buckets: LATENCY_BUCKETS,
      registers,
    }),
    refusals: new Counter({
      name: 'pixelcast_refusals_total',
      help: 'Requests that were answered with a problem, by its code.',
      labelNames: ['code'] as const,
      registers,
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
