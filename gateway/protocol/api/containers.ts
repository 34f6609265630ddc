import { z } from 'zod';
import { operation } from './operation.ts';
import { QueryFlag } from './page.ts';

const State = z.enum([
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
  'unknown',
]);

/** A container with our label, for admins. */
export const ContainerView = z
  .object({
    id: z.string(),
    name: z.string(),
    image: z.string(),
    state: State,
    /** In Docker's words. */
    status: z.string(),
    createdAt: z.number(),
    /** The media server in it; null: none is known there. */
    node: z.string().nullable(),
    /** Why it is no media server of ours; null: it is one. */
    problem: z.string().nullable(),
    healthy: z.boolean(),
    sessions: z.number().int(),
    /** Which of its template's it is; null: somebody else made it. */
    slot: z.number().int().nullable(),
    /** Null: it does not run, or was not asked yet. */
    usage: z
      .object({
        /** Of one core; null until it was asked twice. */
        cpuShare: z.number().nullable(),
        memoryBytes: z.number(),
        memoryLimit: z.number().nullable(),
        /** Bits per second. */
        receivedBitrate: z.number().nullable(),
        sentBitrate: z.number().nullable(),
        processes: z.number(),
      })
      .nullable(),
  })
  .meta({ id: 'Container' });
export type ContainerView = z.infer<typeof ContainerView>;

/** Work at containers, and how far it is. */
export const WorkView = z
  .object({
    kind: z.enum(['start', 'add', 'take-away', 'tidy', 'upgrade', 'repair']),
    container: z.string(),
    /** Null: the load or the template asked for it. */
    by: z.string().nullable(),
    startedAt: z.number(),
    endedAt: z.number().nullable(),
    /** Null: it is under way. */
    ok: z.boolean().nullable(),
    steps: z.array(z.string()),
  })
  .meta({ id: 'ContainerWork' });
export type WorkView = z.infer<typeof WorkView>;

const DriftView = z.object({
  kind: z.enum(['missing', 'stopped', 'outdated', 'left-over', 'surplus']),
  container: z.string(),
});
export type DriftView = z.infer<typeof DriftView>;

/** Containers of the template: how many, and what is not as it says. */
export const ScalingView = z
  .object({
    mode: z.enum(['off', 'dry-run', 'on']),
    /** Why the template cannot be used as it is now; null: it can. */
    problem: z.string().nullable(),
    template: z.string(),
    image: z.string(),
    min: z.number().int(),
    max: z.number().int(),
    count: z.number().int(),
    wanted: z.number().int(),
    /** Set by an operator; null: by load. */
    fixed: z.number().int().nullable(),
    /** What the load would have. */
    advised: z.number().int(),
    drift: z.array(DriftView),
  })
  .meta({ id: 'ContainerScaling' });
export type ScalingView = z.infer<typeof ScalingView>;

export const ContainersView = z.object({
  /** Null: Docker is off. */
  engine: z
    .object({
      up: z.boolean(),
      detail: z.string(),
      version: z.string().nullable(),
      api: z.string().nullable(),
    })
    .nullable(),
  items: z.array(ContainerView),
  /** Null: there is no template. */
  scaling: ScalingView.nullable(),
  /** The newest first. */
  work: z.array(WorkView),
});
export type ContainersView = z.infer<typeof ContainersView>;

export const listContainers = operation({
  id: 'listContainers',
  method: 'GET',
  path: '/api/v1/containers',
  tag: 'Containers',
  summary: 'The containers with our label, and what is done to them',
  access: 'global-admin',
  reply: ContainersView,
});

const one = {
  tag: 'Containers',
  access: 'global-admin',
  params: z.object({ container: z.string().max(200) }),
  errors: ['not-found', 'docker-off', 'docker-refused', 'docker-unavailable'],
} as const;

/** What Docker knows of a container. Of its environment only the names are told. */
export const ContainerDetailsView = z
  .object({
    ...ContainerView.shape,
    imageId: z.string(),
    labels: z.record(z.string(), z.string()),
    command: z.array(z.string()),
    environment: z.array(z.string()),
    user: z.string(),
    startedAt: z.number().nullable(),
    finishedAt: z.number().nullable(),
    exitCode: z.number(),
    outOfMemory: z.boolean(),
    restarts: z.number(),
    health: z.string().nullable(),
    restartPolicy: z.string(),
    memoryLimit: z.number().nullable(),
    cpuLimit: z.number().nullable(),
    isReadOnly: z.boolean(),
    isPrivileged: z.boolean(),
    mounts: z.array(z.object({ place: z.string(), writable: z.boolean() })),
  })
  .meta({ id: 'ContainerDetails' });
export type ContainerDetailsView = z.infer<typeof ContainerDetailsView>;

export const getContainer = operation({
  ...one,
  id: 'getContainer',
  method: 'GET',
  path: '/api/v1/containers/:container',
  summary: 'One container, by its name or id',
  reply: ContainerDetailsView,
});

export const LogLineView = z.object({
  /** Epoch milliseconds; null where Docker did not say. */
  at: z.number().nullable(),
  stream: z.enum(['out', 'err']),
  text: z.string(),
});
export type LogLineView = z.infer<typeof LogLineView>;

const LogQuery = z.object({
  tail: z.coerce.number<number>().int().min(1).max(2_000).default(200),
  /** Epoch milliseconds. */
  since: z.coerce.number<number>().int().min(0).exactOptional(),
});

export const getContainerLog = operation({
  ...one,
  id: 'getContainerLog',
  method: 'GET',
  path: '/api/v1/containers/:container/log',
  summary: 'The last lines that a container wrote',
  description: 'Secrets of the gateway, colours and control characters are left out.',
  query: LogQuery,
  reply: z.object({ items: z.array(LogLineView) }),
});

export const followContainerLog = operation({
  ...one,
  id: 'followContainerLog',
  method: 'GET',
  path: '/api/v1/containers/:container/log/follow',
  summary: 'What a container writes, as server-sent events',
  description:
    'Each event is a line as `getContainerLog` has it. It ends with the container, after an hour, or when the reader is too slow.',
  query: LogQuery,
  reply: { media: ['text/event-stream'] },
  errors: [...one.errors, 'capacity'],
});

/** What is done to a container by hand. */
const ActQuery = z.object({
  /** Also while its media server has sessions. */
  force: QueryFlag.default(false),
  /** Only says what would be done. */
  dryRun: QueryFlag.default(false),
});
const Plan = z.object({
  /** What was only said, and not done. */
  dryRun: z.boolean(),
  steps: z.array(z.string()),
});
export type Plan = z.infer<typeof Plan>;
const act = {
  ...one,
  method: 'POST',
  query: ActQuery,
  reply: Plan,
  errors: [...one.errors, 'node-busy', 'docker-busy'],
} as const;

export const startContainer = operation({
  ...act,
  id: 'startContainer',
  path: '/api/v1/containers/:container/start',
  summary: 'Start a container',
});

export const stopContainer = operation({
  ...act,
  id: 'stopContainer',
  path: '/api/v1/containers/:container/stop',
  summary: 'Stop a container',
  description: 'It stays stopped until it is started, or the gateway is.',
});

export const restartContainer = operation({
  ...act,
  id: 'restartContainer',
  path: '/api/v1/containers/:container/restart',
  summary: 'Restart a container',
});

const ofTemplate = {
  tag: 'Containers',
  access: 'global-admin',
  method: 'POST',
  reply: Plan,
  errors: ['not-found', 'docker-off', 'docker-busy', 'docker-refused', 'docker-unavailable'],
} as const;
const dryRun = z.boolean().default(false);

export const ScaleRequest = z.strictObject({
  /** Null: by load. */
  count: z.number().int().min(0).max(64).nullable(),
  dryRun,
});

export const scaleContainers = operation({
  ...ofTemplate,
  id: 'scaleContainers',
  path: '/api/v1/containers/scale',
  summary: 'Set how many containers of the template there are',
  description: 'Between its least and most; null leaves it to the load. Forgotten at a restart.',
  body: ScaleRequest,
});

export const UpgradeRequest = z.strictObject({
  image: z.string().regex(/^[A-Za-z0-9][\w./:@-]{0,299}$/),
  /** Also when no other server takes sources. */
  force: z.boolean().default(false),
  dryRun,
});

export const upgradeContainer = operation({
  ...ofTemplate,
  id: 'upgradeContainer',
  path: '/api/v1/containers/upgrade',
  summary: 'Give one container another image, and go back when it does not serve',
  description:
    'The one with the fewest sessions is drained and replaced; the new one is tried before it gets a source. Its steps are in the list of containers.',
  body: UpgradeRequest,
  status: 202,
  errors: [...ofTemplate.errors, 'node-busy'],
});

export const RepairRequest = z.strictObject({ dryRun });

export const repairContainers = operation({
  ...ofTemplate,
  id: 'repairContainers',
  path: '/api/v1/containers/repair',
  summary: 'Repair what is not as the template says, one container at a time',
  description: 'One that was made by another template or image is drained and replaced.',
  body: RepairRequest,
  status: 202,
});
