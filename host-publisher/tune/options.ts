import { parseArgs } from 'node:util';
import { Tuning } from '../../gateway/protocol/host.ts';
import { DEFAULT_SOURCE } from '../../gateway/protocol/ids.ts';
import { GATEWAY_OPTIONS, readAddress, type SourceAddress } from '../config/gateway.ts';
import type { Environment } from '../config/settings.ts';
import { HostError } from '../host-error.ts';

const OPTIONS = {
  ...GATEWAY_OPTIONS,
  source: { type: 'string', default: DEFAULT_SOURCE },
  bitrate: { type: 'string' },
  fps: { type: 'string' },
  size: { type: 'string' },
  content: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;
type Options = ReturnType<typeof readOptions>;

/** What an option of a tuning may be. */
const MEANT: Readonly<Record<keyof Tuning, string>> = {
  bitrateKbps: '--bitrate must be 100 to 100000 (kbit/s) or auto.',
  fps: '--fps must be 1 to 120 or auto.',
  size: '--size must be WIDTHxHEIGHT in even numbers, 64x64 to 7680x4320, or auto.',
  content: '--content must be text, motion or auto.',
};

/** What to ask of which host. */
export interface TuneRequest {
  readonly address: SourceAddress;
  /** Empty: nothing is changed, the host is shown. */
  readonly tuning: Tuning;
}

/** Null when help is wanted. @throws HostError with one sentence for a wrong option */
export function readTuneRequest(
  argv: readonly string[],
  environment: Environment,
): TuneRequest | null {
  const options = readOptions(argv);
  if (options.help) return null;
  const tuning = readTuning(options);
  const source = { option: '--source', name: options.source };
  return { address: readAddress(options, source, environment), tuning };
}

function readOptions(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values;
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new HostError('usage', `${sentence}. See npm run tune -- --help`);
  }
}

function readTuning({ bitrate, fps, size, content }: Options): Tuning {
  const given = {
    ...(bitrate === undefined ? {} : { bitrateKbps: orAuto(bitrate, toNumber) }),
    ...(fps === undefined ? {} : { fps: orAuto(fps, toNumber) }),
    ...(size === undefined ? {} : { size: orAuto(size, toSize) }),
    ...(content === undefined ? {} : { content: orAuto(content, (text) => text) }),
  };
  const parsed = Tuning.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = new Set(parsed.error.issues.map(({ path }) => path[0] as keyof Tuning));
  throw new HostError('usage', [...wrong].map((name) => MEANT[name]).join('\n'));
}

function orAuto<T>(text: string, read: (text: string) => T): T | null {
  return text === 'auto' ? null : read(text);
}

function toNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}

function toSize(text: string): { width: number; height: number } {
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(text) ?? [];
  return { width: Number(width), height: Number(height) };
}
