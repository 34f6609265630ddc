import { parseArgs } from 'node:util';
import { Content } from '../gateway/protocol/host.ts';
import { DEFAULT_SOURCE } from '../gateway/protocol/ids.ts';
import { FREE } from './adaptation/tuning.ts';
import { GATEWAY_OPTIONS, readAddress, type SourceAddress } from './config/gateway.ts';
import {
  ON_OFF,
  iceServers,
  readSettings,
  type Environment,
  type Settings,
} from './config/settings.ts';
import { HostError } from './host-error.ts';
import { ENCODER_NAMES } from './media/encoding/encoders.ts';
import { SoundKind, SourceKind, type MediaPlan } from './media/plan.ts';

/** Everything that can be set, read once at start from the command line and the environment. */
export interface HostConfig {
  readonly task: 'publish' | 'encoders' | 'help';
  readonly plan: MediaPlan;
  /** Null for the tasks that ask no gateway. */
  readonly endpoint: SourceAddress | null;
  readonly onDemand: OnDemand;
  /** Prints figures as a JSON line every second. */
  readonly stats: boolean;
}

/** Whether it publishes only while somebody watches, and how long after the last one. */
export interface OnDemand {
  readonly on: boolean;
  readonly graceMs: number;
}

const OPTIONS = {
  ...GATEWAY_OPTIONS,
  source: { type: 'string', default: 'cube' },
  'publish-as': { type: 'string', default: DEFAULT_SOURCE },
  'on-demand': { type: 'string' },
  display: { type: 'string' },
  window: { type: 'string' },
  audio: { type: 'string' },
  content: { type: 'string' },
  encoder: { type: 'string' },
  encoders: { type: 'boolean', default: false },
  stats: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

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
  const source = { option: '--publish-as', name: options['publish-as'] };
  return {
    task,
    plan,
    endpoint: task === 'publish' ? readAddress(options, source, environment) : null,
    onDemand: {
      on: choose('--on-demand', options['on-demand'] ?? env.CS_ON_DEMAND, ON_OFF) === 'on',
      graceMs: env.CS_ON_DEMAND_GRACE * 1000,
    },
    stats: options.stats,
  };
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
