import { z } from 'zod';
import { CONTAINER_STATES } from './engine.ts';

/** What other people wrote, on one line and not too long. */
const text = (most: number) =>
  z.string().transform((raw) => raw.slice(0, most).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '·'));

/** Goes into the paths of requests. */
export const ContainerId = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().min(0).catch(0);
const portNumber = z.int().min(1).max(65_535);
const state = z.enum(CONTAINER_STATES).catch('unknown');
const labels = z
  .record(z.string(), text(1_000))
  .nullish()
  .transform((given) => given ?? {});
const name = text(200).transform((given) => given.replace(/^\//, ''));
/** Docker writes year 1 for never. */
const time = z
  .string()
  .transform((given) => Date.parse(given))
  .transform((ms) => (ms > 0 ? ms : null))
  .catch(null);
const orNothing = <T extends z.ZodType>(schema: T) => z.array(schema).nullish();

export const VersionAnswer = z.object({ Version: text(100), ApiVersion: text(20) });

export const InfoAnswer = z.object({ ID: text(200).catch('') });

const Networks = z.record(
  z.string(),
  z.object({
    IPAddress: z.string().max(64).catch(''),
    GlobalIPv6Address: z.string().max(64).catch(''),
  }),
);

export const ListAnswer = z.array(
  z.object({
    Id: ContainerId,
    Names: orNothing(name),
    Image: text(300),
    State: state,
    Status: text(200).catch(''),
    Created: count,
    Labels: labels,
    HostConfig: z.object({ NetworkMode: z.string().catch('') }).catch({ NetworkMode: '' }),
    NetworkSettings: z
      .object({ Networks: Networks.nullish() })
      .catch({ Networks: {} })
      .transform(({ Networks: networks }) => networks ?? {}),
    Ports: orNothing(
      z.object({
        PrivatePort: portNumber,
        PublicPort: portNumber.nullish(),
        Type: z.string().max(10),
      }),
    ),
  }),
);

export const InspectAnswer = z.object({
  Id: ContainerId,
  Name: name,
  Image: text(100),
  RestartCount: count,
  State: z.object({
    Status: state,
    ExitCode: z.number().catch(0),
    OOMKilled: z.boolean().catch(false),
    StartedAt: time,
    FinishedAt: time,
    Health: z.object({ Status: text(20) }).nullish(),
  }),
  Mounts: orNothing(z.object({ Destination: text(300), RW: z.boolean().catch(true) })),
  HostConfig: z.object({
    RestartPolicy: z.object({ Name: text(30).catch('') }).nullish(),
    Memory: count,
    NanoCpus: count,
    ReadonlyRootfs: z.boolean().catch(false),
    Privileged: z.boolean().catch(false),
  }),
  Config: z.object({
    Image: text(300),
    Labels: labels,
    Cmd: orNothing(text(300)),
    Entrypoint: orNothing(text(300)),
    /** The value ends here. */
    Env: orNothing(
      z
        .string()
        .transform((given) => given.split('=', 1)[0] ?? '')
        .pipe(text(100)),
    ),
    User: text(100).catch(''),
    Tty: z.boolean().catch(false),
  }),
});

const Memory = z
  .object({
    usage: count,
    limit: z.number().nullish(),
    stats: z.record(z.string(), z.number()).catch({}),
  })
  .catch({ usage: 0, limit: null, stats: {} });

export const StatsAnswer = z.object({
  read: z.string().transform((given) => Date.parse(given)),
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: count }) }),
  memory_stats: Memory,
  pids_stats: z.object({ current: count }).catch({ current: 0 }),
  networks: z
    .record(z.string(), z.object({ rx_bytes: count, tx_bytes: count }))
    .nullish()
    .catch({}),
});

export const EventAnswer = z.object({
  Type: z.literal('container'),
  Action: text(200),
  Actor: z.object({ ID: ContainerId, Attributes: z.record(z.string(), text(1_000)).catch({}) }),
});

export const CreateAnswer = z.object({ Id: ContainerId });
