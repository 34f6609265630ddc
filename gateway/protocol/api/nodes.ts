import { z } from 'zod';
import { AddressView } from '../addresses.ts';
import { operation } from './operation.ts';
import { items, QueryFlag } from './page.ts';

/** Who told of a media server: `SRS_NODES`, the gateway's own engine, `SRS_NODES_FILE`, the server itself, an administrator, or Docker. */
export const NodeOrigin = z.enum(['settings', 'engine', 'file', 'heartbeat', 'api', 'docker']);
export type NodeOrigin = z.infer<typeof NodeOrigin>;

/** One SRS-contract server, for admins. */
export const NodeView = z
  .object({
    node: z.string(),
    origin: NodeOrigin,
    version: z.string().nullable(),
    healthy: z.boolean(),
    detail: z.string(),
    sessions: z.number().int(),
    addresses: AddressView,
    /** Why the gateway's own last trial failed; null: it did not, or was not made. */
    trialError: z.string().nullable(),
    /** Takes all, no new sources, or is being emptied. */
    duty: z.enum(['serving', 'cordoned', 'draining']),
    /** Why it takes no new source whatever its duty, as a sentence; null: nothing holds it. */
    hold: z.string().nullable(),
    /** What it carries, by its own word and ours, and what it is to carry; null: no limit. */
    load: z.object({
      /** The largest share of what it is to carry; 1 is all. */
      strain: z.number(),
      full: z.boolean(),
      /** Of one core. */
      cpuShare: z.number(),
      maxCpuShare: z.number().nullable(),
      /** In and out, bits per second. */
      bitrate: z.number(),
      maxBitrate: z.number().nullable(),
      maxSessions: z.number().nullable(),
    }),
    /** Null: it is not being emptied. Epoch milliseconds. */
    drain: z
      .object({
        phase: z.enum(['leaving', 'moving', 'done']),
        startedAt: z.number(),
        /** Until then sessions leave by themselves. */
        deadlineAt: z.number(),
        /** How many there were at the start, and how many there are. */
        sessions: z.number().int(),
        left: z.number().int(),
      })
      .nullable(),
  })
  .meta({ id: 'Node' });
export type NodeView = z.infer<typeof NodeView>;

const httpUrl = () =>
  z
    .url({ protocol: /^https?$/ })
    .max(300)
    .refine((url) => !/[?#@]/.test(url), 'must have no query, fragment or password');

/** A media server as it is made known; what is left out is as for all of them. */
export const NodeEntry = z.strictObject({
  /** Of its HTTP API. */
  url: httpUrl(),
  /** Of WHIP and WHEP, where that is another. */
  signallingUrl: httpUrl().exactOptional(),
  user: z
    .string()
    .max(100)
    .regex(/^[^:]+$/)
    .exactOptional(),
  password: z.string().min(1).max(200).exactOptional(),
  /** What clients are told in place of its own addresses: `203.0.113.7`, `[2001:db8::7]:9000`. */
  announced: z.array(z.string().max(300)).max(16).exactOptional(),
  maxSessions: z.number().int().min(1).max(100_000).exactOptional(),
  /** Of a core. */
  maxCpuPercent: z.number().min(1).max(100).exactOptional(),
  /** In and out. */
  maxMbps: z.number().min(1).max(1_000_000).exactOptional(),
});
export type NodeEntry = z.infer<typeof NodeEntry>;

export const listNodes = operation({
  id: 'listNodes',
  method: 'GET',
  path: '/api/v1/nodes',
  tag: 'Nodes',
  summary: 'The media servers',
  access: 'global-admin',
  reply: items(NodeView),
});

export const probeNodes = operation({
  id: 'probeNodes',
  method: 'POST',
  path: '/api/v1/nodes/probe',
  tag: 'Nodes',
  summary: 'Try every announced media address from the gateway',
  access: 'global-admin',
  reply: items(NodeView),
});

const seconds = (most: number) => z.number().int().min(0).max(most);

/** When sessions that stayed are told to come again, and over how long. */
export const DrainRequest = z.strictObject({
  afterSeconds: seconds(24 * 3600).default(600),
  spreadSeconds: seconds(3600).default(10),
});
export type DrainRequest = z.infer<typeof DrainRequest>;

const one = {
  tag: 'Nodes',
  access: 'global-admin',
  params: z.object({ node: z.string().max(300) }),
  errors: ['not-found'],
} as const;
const UNTIL_RESTART = 'Forgotten when the gateway is restarted.';

export const addNode = operation({
  id: 'addNode',
  method: 'POST',
  path: '/api/v1/nodes',
  tag: 'Nodes',
  summary: 'Make a media server known',
  description: `It takes sources once it has said who it is. ${UNTIL_RESTART}`,
  access: 'global-admin',
  body: NodeEntry,
  reply: NodeView,
  status: 201,
  errors: ['name-taken', 'capacity'],
});

export const cordonNode = operation({
  ...one,
  id: 'cordonNode',
  method: 'POST',
  path: '/api/v1/nodes/:node/cordon',
  summary: 'Send no new sources to a media server',
  description: `What is there stays, and viewers go on joining it. ${UNTIL_RESTART}`,
  reply: NodeView,
});

export const uncordonNode = operation({
  ...one,
  id: 'uncordonNode',
  method: 'POST',
  path: '/api/v1/nodes/:node/uncordon',
  summary: 'Send new sources to a media server again',
  description: 'Ends a drain where it is.',
  reply: NodeView,
});

export const drainNode = operation({
  ...one,
  id: 'drainNode',
  method: 'POST',
  path: '/api/v1/nodes/:node/drain',
  summary: 'Empty a media server',
  description: `No new source goes there. What is still there at the deadline is told to come again, bit by bit; publishers go to another server and their viewers after them. ${UNTIL_RESTART}`,
  body: DrainRequest,
  reply: NodeView,
});

export const removeNode = operation({
  ...one,
  id: 'removeNode',
  method: 'DELETE',
  path: '/api/v1/nodes/:node',
  summary: 'Forget a media server',
  description: `With \`force\` its sessions are told to come again, all at once. ${UNTIL_RESTART}`,
  query: z.object({ force: QueryFlag.default(false) }),
  reply: null,
  errors: ['not-found', 'node-busy'],
});
