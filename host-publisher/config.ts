import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Content } from '../gateway/protocol/host.ts';
import { DEFAULT_SOURCE, RoomId, SourceId } from '../gateway/protocol/ids.ts';
import { FREE } from './adaptation/tuning.ts';
import type { WhipEndpoint } from './gateway/whip-session.ts';
import { mintLocalToken } from './gateway/local-token.ts';
import { HostError } from './host-error.ts';
import { ENCODER_NAMES } from './media/encoding/encoders.ts';
import { SoundKind, SourceKind, type IceServer, type MediaPlan } from './media/plan.ts';

/** Everything that can be set, read once at start from the command line and the environment. */
export interface HostConfig {
  readonly task: 'publish' | 'encoders' | 'help';
  readonly plan: MediaPlan;
  readonly endpoint: WhipEndpoint;
  /** Prints figures as a JSON line every second. */
  readonly stats: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const OPTIONS = {
  source: { type: 'string', default: 'cube' },
  room: { type: 'string', default: 'demo' },
  'publish-as': { type: 'string', default: DEFAULT_SOURCE },
  gateway: { type: 'string', default: 'http://127.0.0.1:8080' },
  token: { type: 'string' },
  'token-file': { type: 'string' },
  display: { type: 'string' },
  window: { type: 'string' },
  audio: { type: 'string' },
  content: { type: 'string' },
  encoder: { type: 'string' },
  encoders: { type: 'boolean', default: false },
  stats: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const ICE_URL =
  /^(stun|turn|stuns|turns):(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?(\?transport=(udp|tcp))?$/;

const number = (fallback: number, least: number, most: number, what: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a number of ${what}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, {
      error: `must be ${least} to ${most} ${what}`,
      abort: true,
    })
    .default(fallback);
const even = (fallback: number, most: number) =>
  number(fallback, 64, most, 'pixels').refine(
    (value) => value % 2 === 0,
    'must be even: 4:2:0 video has no odd sizes',
  );
const iceUrl = (scheme: 'stun' | 'turn') =>
  z
    .string()
    .transform((text) =>
      text.includes(':') && /^(stun|turn)s?:/.test(text) ? text : `${scheme}:${text}`,
    )
    .refine((url) => ICE_URL.test(url) && url.startsWith(scheme), `must be ${scheme}:host:port`)
    .optional();

const settings = z.object({
  CS_WIDTH: even(1280, 7680),
  CS_HEIGHT: even(720, 4320),
  CS_FPS: number(30, 1, 120, 'frames per second'),
  CS_BITRATE_KBPS: number(2500, 100, 100_000, 'kbit/s'),
  CS_CONTENT: z.enum(Content.options, `must be ${Content.options.join(' or ')}`).optional(),
  CS_STUN_SERVER: iceUrl('stun'),
  CS_TURN_SERVER: iceUrl('turn'),
  CS_TURN_USER: z.string().optional(),
  CS_TURN_PASS: z.string().optional(),
});
type Settings = z.infer<typeof settings>;
type Options = ReturnType<typeof readOptions>;

/** @throws HostError with one sentence per wrong option or setting. */
export function loadConfig(
  argv: readonly string[] = process.argv.slice(2),
  environment: Environment = process.env,
): HostConfig {
  const options = readOptions(argv);
  const task = options.help ? 'help' : options.encoders ? 'encoders' : 'publish';
  const env = readSettings(environment);
  const plan = readPlan(options, env, environment['DISPLAY']);
  return { task, plan, endpoint: readEndpoint(options, environment, task), stats: options.stats };
}

/** What the media process inherits: GStreamer's state changes wait on libuv's threads. */
export function mediaEnvironment(environment: Environment = process.env): Environment {
  return { UV_THREADPOOL_SIZE: '16', ...environment };
}

function readOptions(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values;
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new HostError('usage', `${sentence}. See npm run host -- --help`);
  }
}

function readSettings(environment: Environment): Settings {
  const present = Object.entries(environment).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  const parsed = settings.safeParse(Object.fromEntries(present));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${String(path[0])} ${message}.`,
    );
    throw new HostError('usage', problems.join('\n'));
  }
  const { CS_TURN_SERVER: turn, CS_TURN_USER: user, CS_TURN_PASS: pass } = parsed.data;
  if (
    (turn === undefined) !== (user === undefined) ||
    (turn === undefined) !== (pass === undefined)
  ) {
    throw new HostError(
      'usage',
      'CS_TURN_SERVER, CS_TURN_USER and CS_TURN_PASS must be set together.',
    );
  }
  return parsed.data;
}

function readPlan(options: Options, env: Settings, display: string | undefined): MediaPlan {
  const source = choose('--source', options.source, SourceKind.options);
  const sound = source === 'cube' || source === 'test' ? 'tone' : 'monitor';
  if (source === 'window' && !options.window) {
    throw new HostError('usage', '--source window needs --window with the title or the id of one.');
  }
  return {
    source,
    display: options.display ?? (display === '' ? null : (display ?? null)),
    window: options.window ?? null,
    sound: choose('--audio', options.audio ?? sound, SoundKind.options),
    picture: {
      width: env.CS_WIDTH,
      height: env.CS_HEIGHT,
      fps: env.CS_FPS,
      bitrateKbps: env.CS_BITRATE_KBPS,
    },
    content: readContent(options, env, source),
    fixed: FREE,
    encoder:
      options.encoder === undefined ? null : choose('--encoder', options.encoder, ENCODER_NAMES),
    excludedEncoders: [],
    iceServers: iceServers(env),
  };
}

function readContent(options: Options, env: Settings, source: SourceKind): Content {
  if (options.content !== undefined) return choose('--content', options.content, Content.options);
  return env.CS_CONTENT ?? (source === 'desktop' || source === 'window' ? 'text' : 'motion');
}

function choose<T extends string>(option: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === given);
  if (found !== undefined) return found;
  throw new HostError('usage', `${option} ${given} is not known; it may be ${allowed.join(', ')}.`);
}

function iceServers(env: Settings): IceServer[] {
  const {
    CS_STUN_SERVER: stun,
    CS_TURN_SERVER: turn,
    CS_TURN_USER: username,
    CS_TURN_PASS: credential,
  } = env;
  return [
    ...(stun === undefined ? [] : [{ url: stun }]),
    ...(turn === undefined || username === undefined || credential === undefined
      ? []
      : [{ url: turn, username, credential }]),
  ];
}

function readEndpoint(
  options: Options,
  environment: Environment,
  task: HostConfig['task'],
): WhipEndpoint {
  const gateway = URL.parse(options.gateway);
  if (gateway === null || !/^https?:$/.test(gateway.protocol)) {
    throw new HostError(
      'usage',
      '--gateway must be an http or https address, as http://127.0.0.1:8080.',
    );
  }
  const room = readName(RoomId, '--room', options.room);
  const source = readName(SourceId, '--publish-as', options['publish-as']);
  const path = `${gateway.pathname.replace(/\/$/, '')}/whip/${room}/${source}`;
  const token = task === 'publish' ? readToken(options, environment, gateway, room) : () => '';
  return { url: new URL(path, gateway).href, token };
}

function readName(schema: typeof RoomId | typeof SourceId, option: string, given: string): string {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new HostError('usage', `${option} must be 1 to 64 letters, digits, "-" or "_".`);
}

function readToken(
  options: Options,
  environment: Environment,
  gateway: URL,
  room: string,
): () => string {
  const { CS_TOKEN, CS_TOKEN_FILE } = environment;
  const file = options['token-file'] ?? (CS_TOKEN ? undefined : CS_TOKEN_FILE);
  if (file && options.token === undefined) {
    readSecret(file);
    return () => readSecret(file);
  }
  const given = options.token ?? CS_TOKEN;
  if (given) return () => given;
  const secretFile = join(environment['DATA_DIR'] || 'data', 'jwt-secret');
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(gateway.hostname);
  if (isLocal && environment['JWT_SECRET']) {
    const secret = environment['JWT_SECRET'];
    return () => mintLocalToken(secret, room, Date.now());
  }
  if (isLocal && existsSync(secretFile)) {
    return () => mintLocalToken(readSecret(secretFile), room, Date.now());
  }
  throw new HostError(
    'usage',
    'There is no token: set CS_TOKEN, or give --token-file or --token. Beside a gateway of "npm start" ' +
      `none is needed, but ${secretFile} is not there.`,
  );
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new HostError('usage', `${file} cannot be read.`, { cause });
  }
}
