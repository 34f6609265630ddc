import { z } from 'zod';
import type { AnnouncedAddress } from '../addresses/announced-address.ts';
import { LIMITS } from '../limits/limits.ts';
import type { NodeLimits } from '../rooms/fleet/node-load.ts';
import { flag, networkList, secret, urlList, wholeNumber } from './fields.ts';
import { Secret } from './secret.ts';

const MEGABIT = 1_000_000;

/** Where media servers are, and how much each of them is to carry. */
export const NodeSettingsShape = z.object({
  SRS_NODES: urlList()
    .default([])
    .describe('API URLs of SRS nodes, comma-separated. Empty: the embedded engine is started.'),
  SRS_NODES_FILE: z
    .string()
    .min(1)
    .optional()
    .describe(
      'JSON file with more of them (docs/scale.md), read anew when it changes. With it no embedded engine is started.',
    ),
  SRS_HEARTBEAT: flag()
    .default(false)
    .describe(
      'SRS nodes may make themselves known by SRS’s heartbeat (docs/scale.md). With it no embedded engine is started.',
    ),
  SRS_HEARTBEAT_ALLOWED_ADDRESSES: networkList()
    .default([])
    .describe(
      'Where such nodes may be beside this machine: addresses, CIDR blocks. Empty: private networks.',
    ),
  SRS_API_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('API URL of one SRS node (older name; `SRS_NODES` wins).'),
  SRS_SERVER_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('WHIP/WHEP URL of that node when it differs from `SRS_API_URL`.'),
  SRS_API_USER: z
    .string()
    .regex(/^[^:]+$/)
    .optional()
    .describe('User for the nodes’ HTTP API, where the URL names none.'),
  SRS_API_PASSWORD: secret(1)
    .optional()
    .describe('Password beside `SRS_API_USER`. Created in `DATA_DIR` when absent.'),
  NODE_MAX_SESSIONS: wholeNumber(0, 100_000, 0).describe(
    'Sessions that a media server takes; more go to another, or get 503. 0: no limit.',
  ),
  NODE_MAX_CPU_PERCENT: wholeNumber(0, 100, 0).describe(
    'CPU of a media server, in percent of a core, above which it takes no more. 0: no limit.',
  ),
  NODE_MAX_MBPS: wholeNumber(0, 1_000_000, 0).describe(
    'Megabits per second, in and out, above which a media server takes no more. 0: no limit.',
  ),
  NODE_CARRY: flag()
    .default(true)
    .describe(
      'Carries a source to a further media server when one with a limit is nearly full; needs two.',
    ),
  NODE_CARRY_IDLE_SECONDS: wholeNumber(1, 86_400, 30).describe(
    'Time without viewers there after which a source is carried no more.',
  ),
});
type Shape = z.infer<typeof NodeSettingsShape>;
type Limits = Pick<Shape, 'NODE_MAX_SESSIONS' | 'NODE_MAX_CPU_PERCENT' | 'NODE_MAX_MBPS'>;

type LaterNodes = Pick<Shape, 'SRS_NODES_FILE' | 'SRS_HEARTBEAT'> & {
  readonly DOCKER_ENGINE?: string | undefined;
};

/** Whether servers may make themselves known while the gateway runs, which then starts without any. */
export const nodesComeLater = (settings: LaterNodes): boolean =>
  settings.SRS_NODES_FILE !== undefined ||
  settings.SRS_HEARTBEAT ||
  settings.DOCKER_ENGINE !== undefined;

/** What a gateway without any media server waits for. */
export function awaitedNodes(settings: LaterNodes): string {
  const ways = [
    ...(settings.SRS_NODES_FILE === undefined ? [] : ['SRS_NODES_FILE lists none']),
    ...(settings.SRS_HEARTBEAT ? ['no heartbeat of SRS has come'] : []),
    ...(settings.DOCKER_ENGINE === undefined ? [] : ['no container with DOCKER_LABEL runs']),
  ];
  return ways.length === 0
    ? 'The embedded engine is starting.'
    : `No media server is known yet: ${ways.join(', and ')}.`;
}

/** One SRS-contract server as configured. */
export interface NodeSettings {
  readonly apiUrl: string;
  readonly signallingUrl: string;
  readonly user: string | undefined;
  readonly password: Secret | undefined;
  /** What clients are told in place of its addresses; undefined: as for all. */
  readonly announced?: readonly AnnouncedAddress[] | undefined;
  /** Undefined: as for all. */
  readonly limits?: NodeLimits | undefined;
}

/** What one media server is to carry unless something else is said of it. */
export const nodeLimits = (settings: Limits): NodeLimits => ({
  sessions: settings.NODE_MAX_SESSIONS || null,
  cpuShare: settings.NODE_MAX_CPU_PERCENT / 100 || null,
  bitrate: settings.NODE_MAX_MBPS * MEGABIT || null,
});

type Candidates = readonly (readonly AnnouncedAddress[])[];

/** What is wrong with them, one sentence each. */
export function nodeProblems(settings: Shape & { MEDIA_CANDIDATE: Candidates }): string[] {
  const { MEDIA_CANDIDATE: lists, SRS_NODES: nodes } = settings;
  const expected = Math.max(1, nodes.length);
  return [
    ...(lists.length <= 1 || lists.length === expected
      ? []
      : [`MEDIA_CANDIDATE: has ${lists.length} lists for ${expected} media server(s)`]),
    ...(nodes.length <= LIMITS.nodes
      ? []
      : [`SRS_NODES: has more than ${LIMITS.nodes} media servers`]),
  ];
}

/** The servers that are set by name. `password` is for those that have none in their URL. */
export function nodesOf(
  settings: Shape & { MEDIA_CANDIDATE: Candidates },
  password: Secret,
): NodeSettings[] {
  const { SRS_NODES: list, SRS_API_URL: single, MEDIA_CANDIDATE: candidates } = settings;
  if (list.length === 0) {
    const own = single === undefined ? [] : [nodeAt(single, settings, password)];
    return own.map((node) => ({
      ...node,
      signallingUrl:
        settings.SRS_SERVER_URL === undefined
          ? node.signallingUrl
          : bare(new URL(settings.SRS_SERVER_URL)),
    }));
  }
  return list.map((url, index) => ({
    ...nodeAt(url, settings, password),
    ...(candidates.length > 1 ? { announced: candidates[index] ?? [] } : {}),
  }));
}

/** The server at a URL, which may have its user and password in it. */
export function nodeAt(
  text: string,
  { SRS_API_USER: commonUser }: { readonly SRS_API_USER?: string | undefined },
  password: Secret,
): NodeSettings {
  const url = new URL(text);
  const user = url.username === '' ? commonUser : decodeURIComponent(url.username);
  const own = url.password === '' ? password : new Secret(decodeURIComponent(url.password));
  const apiUrl = bare(url);
  return {
    apiUrl,
    signallingUrl: apiUrl,
    user,
    password: user === undefined ? undefined : own,
  };
}

const bare = (url: URL): string =>
  `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
