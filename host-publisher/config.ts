import { parseArgs } from 'node:util';
import { Content } from '../gateway/protocol/host.ts';
import { DEFAULT_SOURCE } from '../gateway/protocol/ids.ts';
import { FREE } from './adaptation/tuning.ts';
import { choose } from './config/choose.ts';
import { CONTROL_OPTIONS, readControl } from './config/control.ts';
import { MODES_SYNTAX, readModes } from './config/modes.ts';
import { GATEWAY_OPTIONS, readAddress, type SourceAddress } from './config/gateway.ts';
import {
  ON_OFF,
  iceServers,
  readSettings,
  type Environment,
  type Settings,
} from './config/settings.ts';
import { SOURCE_OPTIONS, readSource } from './config/source.ts';
import { HostError } from './host-error.ts';
import type { ControlOptions } from './input/control-options.ts';
import { ENCODER_NAMES } from './media/encoding/encoders.ts';
import { PublisherChoice, type MediaMode, type MediaPlan, type SourceKind } from './media/plan.ts';
import {
  STRIPES_ENCODER_NAMES,
  stripesEncoderOf,
  type StripesEncoder,
} from './stripes/stripes-encoder.ts';

/** Everything that can be set, read once at start from the command line and the environment. */
export interface HostConfig {
  readonly task: 'publish' | 'encoders' | 'help';
  readonly plan: MediaPlan;
  /** Null for the tasks that ask no gateway. */
  readonly endpoint: SourceAddress | null;
  readonly control: ControlOptions;
  readonly onDemand: OnDemand;
  /** Clients of the direct mode at one time. */
  readonly mostClients: number;
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
  ...SOURCE_OPTIONS,
  ...CONTROL_OPTIONS,
  'publish-as': { type: 'string', default: DEFAULT_SOURCE },
  'on-demand': { type: 'string' },
  content: { type: 'string' },
  mode: { type: 'string' },
  'ws-encoder': { type: 'string' },
  'ws-quality': { type: 'string' },
  publisher: { type: 'string' },
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
  const quality = options['ws-quality'];
  const env = readSettings({
    ...environment,
    ...(quality === undefined ? {} : { CS_WS_QUALITY: quality }),
  });
  const plan = readPlan(options, env, environment);
  const source = { option: '--publish-as', name: options['publish-as'] };
  const onDemand = choose('--on-demand', options['on-demand'] ?? env.CS_ON_DEMAND, ON_OFF);
  return {
    task,
    plan,
    endpoint: task === 'publish' ? readAddress(options, source, environment) : null,
    control: readControl(options, env),
    onDemand: {
      // A recording wants what happens while nobody watches, too.
      on: onDemand === 'on' && plan.record === null,
      graceMs: env.CS_ON_DEMAND_GRACE * 1000,
    },
    mostClients: env.CS_DIRECT_CLIENTS,
    stats: options.stats,
  };
}

function readOptions(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values;
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new HostError('usage', `${sentence}. See npm run host -- --help`);
  }
}

function readPlan(options: Options, env: Settings, environment: Environment): MediaPlan {
  const name = `${options.room}-${options['publish-as']}`;
  const source = readSource(options, env, environment, name);
  const modes = chooseModes(options.mode ?? env.CS_MODE);
  if (!modes.includes('webrtc') && source.record !== null) {
    throw new HostError(
      'usage',
      '--record needs webrtc among --mode: it records what goes by WebRTC.',
    );
  }
  return {
    ...source,
    picture: {
      width: env.CS_WIDTH,
      height: env.CS_HEIGHT,
      fps: env.CS_FPS,
      bitrateKbps: env.CS_BITRATE_KBPS,
    },
    content: readContent(options, env, source.source),
    fixed: FREE,
    encoder:
      options.encoder === undefined ? null : choose('--encoder', options.encoder, ENCODER_NAMES),
    excludedEncoders: [],
    publisher: choose(
      '--publisher',
      options.publisher ?? env.CS_PUBLISHER,
      PublisherChoice.options,
    ),
    excludedPublishers: [],
    iceServers: iceServers(env),
    modes,
    stripes: {
      encoder: readStripesEncoder(options['ws-encoder'] ?? env.CS_WS_ENCODER),
      quality: env.CS_WS_QUALITY,
    },
  };
}

function chooseModes(given: string): MediaMode[] {
  const modes = readModes(given);
  if (modes !== null) return modes;
  throw new HostError('usage', `--mode ${given} is not known; it may be ${MODES_SYNTAX}.`);
}

function readStripesEncoder(name: string | undefined): StripesEncoder | null {
  if (name === undefined) return null;
  return stripesEncoderOf(choose('--ws-encoder', name, STRIPES_ENCODER_NAMES));
}

function readContent(options: Options, env: Settings, source: SourceKind): Content {
  if (options.content !== undefined) return choose('--content', options.content, Content.options);
  return env.CS_CONTENT ?? (source === 'desktop' || source === 'window' ? 'text' : 'motion');
}
