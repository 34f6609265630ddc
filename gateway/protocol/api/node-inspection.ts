import { z } from 'zod';
import { SessionId } from '../ids.ts';
import { operation } from './operation.ts';
import { page, PageQuery } from './page.ts';

const bytes = z.number();
const kbps = z.number();
/** Bytes since it began, and kbit/s of the last 30 s, which SRS tells from its 30th second on. */
const traffic = { receivedBytes: bytes, sentBytes: bytes, receivedKbps: kbps, sentKbps: kbps };

/** A media server about itself and its machine. Shares are 0 to 1; null: it does not tell. */
export const NodeSummary = z
  .object({
    version: z.string(),
    pid: z.number().int(),
    uptimeSeconds: z.number(),
    /** Of one core. */
    cpuShare: z.number(),
    memoryBytes: bytes,
    /** The 99th percentile of how late its timers are, of an engine of JavaScript. */
    eventLoopDelayP99Ms: z.number().nullable(),
    machine: z.object({
      cpuShare: z.number(),
      cpus: z.number().int(),
      memoryShare: z.number(),
      load1m: z.number(),
      uptimeSeconds: z.number(),
      receivedBytes: bytes,
      sentBytes: bytes,
      /** Of the media server. */
      connections: z.number().int(),
    }),
  })
  .meta({ id: 'NodeSummary' });
export type NodeSummary = z.infer<typeof NodeSummary>;

/** A stream as a media server counts it. */
export const NodeStream = z
  .object({
    id: z.string(),
    /** `room/source`, as the node spells it. */
    path: z.string(),
    vhost: z.string(),
    active: z.boolean(),
    /** Client that publishes it. */
    publisher: z.string().nullable(),
    /** Its publisher among them. */
    clients: z.number().int(),
    ...traffic,
    /** Codecs; null where the node does not tell, as SRS 6 of WebRTC. */
    video: z
      .object({ codec: z.string(), width: z.number().int(), height: z.number().int() })
      .nullable(),
    audio: z
      .object({ codec: z.string(), sampleRate: z.number().int(), channels: z.number().int() })
      .nullable(),
  })
  .meta({ id: 'NodeStream' });
export type NodeStream = z.infer<typeof NodeStream>;

/** A client as a media server counts it. */
export const NodeClientView = z
  .object({
    id: z.string(),
    path: z.string(),
    vhost: z.string(),
    /** In the node's words: `rtc-publish`, `rtc-play`, `fmle-publish`, … */
    type: z.string(),
    publishes: z.boolean(),
    address: z.string(),
    aliveSeconds: z.number(),
    ...traffic,
    /** Null: no gateway knows it. */
    session: SessionId.nullable(),
  })
  .meta({ id: 'NodeClient' });
export type NodeClientView = z.infer<typeof NodeClientView>;

/** A virtual host of a media server. */
export const NodeVhost = z
  .object({
    id: z.string(),
    name: z.string(),
    enabled: z.boolean(),
    clients: z.number().int(),
    streams: z.number().int(),
    ...traffic,
    hls: z.boolean(),
  })
  .meta({ id: 'NodeVhost' });
export type NodeVhost = z.infer<typeof NodeVhost>;

const params = z.object({ node: z.string().max(300) });
const shared = {
  method: 'GET',
  tag: 'Nodes',
  access: 'global-admin',
  params,
  errors: ['node-unavailable'],
} as const;
const LIST = 'The whole list of the node, by id; `q` searches paths, ids and addresses.';

export const getNodeSummary = operation({
  ...shared,
  id: 'getNodeSummary',
  path: '/api/v1/nodes/:node/summaries',
  summary: 'What a media server says of itself and its machine',
  reply: NodeSummary,
});

export const listNodeStreams = operation({
  ...shared,
  id: 'listNodeStreams',
  path: '/api/v1/nodes/:node/streams',
  summary: 'Streams of a media server',
  description: LIST,
  query: PageQuery,
  reply: page(NodeStream),
});

export const listNodeClients = operation({
  ...shared,
  id: 'listNodeClients',
  path: '/api/v1/nodes/:node/clients',
  summary: 'Clients of a media server, those of others too',
  description: LIST,
  query: PageQuery,
  reply: page(NodeClientView),
});

export const listNodeVhosts = operation({
  ...shared,
  id: 'listNodeVhosts',
  path: '/api/v1/nodes/:node/vhosts',
  summary: 'Virtual hosts of a media server',
  description: LIST,
  query: PageQuery,
  reply: page(NodeVhost),
});
