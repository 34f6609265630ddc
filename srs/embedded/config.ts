import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import { ALLOCATOR } from '../../native/child-memory.ts';
import type { CompatLine } from './edge.ts';

/** Everything that can be set, read once at start. Nothing else reads the environment. */
export interface EngineConfig {
  readonly apiHost: string;
  readonly apiPort: number;
  readonly mediaPort: number;
  readonly mediaBind: string | null;
  readonly mediaCandidates: readonly string[];
  /** Basic auth for paths with `/api/` in them; open when null. */
  readonly apiLogin: { readonly user: string; readonly password: string } | null;
  /** The event's name is appended to the path; null: no hooks, everything is allowed. */
  readonly hooksUrl: string | null;
  readonly compat: CompatLine;
  readonly serverId: string;
  readonly inactivityMs: number;
  readonly sweepMs: number;
  readonly logLevel: LogLevel;
  /** SRS's `dvr_path` and whether `dvr_apply` is `all`; null: nothing is recorded. */
  readonly dvr: { readonly path: string; readonly applyAll: boolean } | null;
}

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

/** All that is wrong with the settings, one sentence each; values of secrets are never in it. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number (0: any free one)')
    .transform(Number)
    .refine((value) => value <= 65_535, 'must be a port number, at most 65535')
    .default(fallback);

const milliseconds = (fallback: number, least: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a number of milliseconds')
    .transform(Number)
    .refine((value) => value >= least, `must be at least ${least} milliseconds`)
    .default(fallback);

const address = z
  .string()
  .regex(/^[0-9A-Za-z.:_-]{1,253}$/, 'must be an address or a host name, without a port');

const hooksUrl = z.string().refine((text) => {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:');
}, 'must be an http or https URL');

const schema = z.object({
  ENGINE_API_HOST: address.default('127.0.0.1'),
  ENGINE_API_PORT: port(1985),
  ENGINE_API_USER: z
    .string()
    .refine((text) => !text.includes(':'), 'must not contain a colon')
    .optional(),
  ENGINE_API_PASSWORD: z.string().optional(),
  ENGINE_HOOKS_URL: hooksUrl.optional(),
  ENGINE_COMPAT: z.enum(['6', '7'], 'must be 6 or 7').default('7'),
  ENGINE_SERVER_ID: z
    .string()
    .regex(/^[0-9A-Za-z._-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 . _ -')
    .optional(),
  ENGINE_INACTIVITY_MS: milliseconds(30_000, 500),
  ENGINE_SWEEP_MS: milliseconds(5_000, 50),
  MEDIA_PORT: port(8000),
  MEDIA_BIND: address.optional(),
  MEDIA_CANDIDATE: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(address))
    .optional(),
  ENGINE_DVR_PATH: z
    .string()
    .regex(
      /\[stream\].*\[timestamp\][^/]*\.mp4$/,
      'must have [stream] and [timestamp] and end with .mp4',
    )
    .optional(),
  ENGINE_DVR_APPLY: z.enum(['all', 'none'], 'must be all or none').default('all'),
  LOG_LEVEL: z
    .enum(
      ['silent', 'error', 'warn', 'info', 'debug'],
      'must be silent, error, warn, info or debug',
    )
    .default('info'),
});

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ConfigError naming every bad setting at once. An empty setting counts as absent. */
export function loadConfig(environment: Environment = process.env): EngineConfig {
  const present = Object.entries(environment).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  const parsed = schema.safeParse(Object.fromEntries(present));
  const problems = parsed.success ? [] : parsed.error.issues.map(toSentence);
  if (!environment['ENGINE_API_USER'] !== !environment['ENGINE_API_PASSWORD']) {
    problems.push('ENGINE_API_USER and ENGINE_API_PASSWORD must be set together.');
  }
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return toConfig(parsed.data);
}

/** What the engine's process inherits; what is set there of the allocator stays. */
export function childEnvironment(environment: Environment = process.env): Environment {
  return { ...ALLOCATOR, ...environment };
}

function toConfig(env: z.output<typeof schema>): EngineConfig {
  const { ENGINE_API_USER: user, ENGINE_API_PASSWORD: password } = env;
  return Object.freeze({
    apiHost: env.ENGINE_API_HOST,
    apiPort: env.ENGINE_API_PORT,
    mediaPort: env.MEDIA_PORT,
    mediaBind: env.MEDIA_BIND ?? null,
    mediaCandidates: env.MEDIA_CANDIDATE ?? [],
    apiLogin: user !== undefined && password !== undefined ? { user, password } : null,
    hooksUrl: env.ENGINE_HOOKS_URL ?? null,
    compat: env.ENGINE_COMPAT === '6' ? 6 : 7,
    serverId: env.ENGINE_SERVER_ID ?? derivedServerId(env.ENGINE_API_PORT),
    inactivityMs: env.ENGINE_INACTIVITY_MS,
    sweepMs: env.ENGINE_SWEEP_MS,
    logLevel: env.LOG_LEVEL,
    dvr:
      env.ENGINE_DVR_PATH === undefined
        ? null
        : { path: env.ENGINE_DVR_PATH, applyAll: env.ENGINE_DVR_APPLY === 'all' },
  });
}

/** Stable for one machine and port, like the id that SRS keeps in a file beside its pid. */
function derivedServerId(apiPort: number): string {
  const digest = createHash('sha256').update(`${hostname()}:${apiPort}`).digest();
  return `vid-${digest.readBigUInt64BE().toString(36).slice(0, 7)}`;
}

function toSentence(issue: z.core.$ZodIssue): string {
  return `${String(issue.path[0])} ${issue.message}.`;
}
