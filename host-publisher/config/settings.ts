import { z } from 'zod';
import { Content } from '../../gateway/protocol/host.ts';
import { CLIPBOARD_DIRECTIONS } from '../clipboard/clipboard-desk.ts';
import { HostError } from '../host-error.ts';
import { KEYBOARD_MODES } from '../input/control-options.ts';
import { RESIZES } from '../screen/screen-desk.ts';
import { CursorMode, PublisherChoice, Renderer, type IceServer } from '../media/plan.ts';
import { MODES_SYNTAX, readModes } from './modes.ts';
import { STRIPES_ENCODER_NAMES } from '../stripes/stripes-encoder.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export const ON_OFF = ['on', 'off'] as const;

/** Of moving rows; what stands still is sent once more, better. */
const WS_QUALITY = 60;
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
const oneOf = <T extends string>(words: readonly T[]) =>
  z.enum(words, `must be ${words.join(', ').replace(/, (?=[^,]*$)/, ' or ')}`);
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
  CS_MODE: z
    .string()
    .refine((text) => readModes(text) !== null, `must be ${MODES_SYNTAX}`)
    .default('auto'),
  CS_WS_ENCODER: oneOf(STRIPES_ENCODER_NAMES).optional(),
  CS_WS_QUALITY: number(WS_QUALITY, 1, 100, 'as of JPEG'),
  CS_PUBLISHER: oneOf(PublisherChoice.options).default('auto'),
  CS_CONTENT: oneOf(Content.options).optional(),
  CS_RENDER: oneOf(Renderer.options).default('auto'),
  CS_CURSOR: oneOf(CursorMode.options).default('viewers'),
  CS_CONTROL: oneOf(ON_OFF).default('on'),
  CS_KEYBOARD_MODE: oneOf(KEYBOARD_MODES).default('keysym'),
  CS_KEYBOARD_LAYOUT: z.string().optional(),
  CS_CLIPBOARD: oneOf(CLIPBOARD_DIRECTIONS).default('both'),
  CS_RESIZE: oneOf(RESIZES).default('auto'),
  CS_LARGEST: z
    .string()
    .regex(/^\d{3,4}x\d{3,4}$/, 'must be a size, as 1920x1080')
    .transform((text) => {
      const [width = 0, height = 0] = text.split('x').map(Number);
      return { width, height };
    })
    .refine(
      ({ width, height }) => width >= 320 && height >= 240 && width <= 7680 && height <= 4320,
      'must be 320x240 to 7680x4320',
    )
    .default({ width: 1920, height: 1080 }),
  CS_COMMANDS: z.string().optional(),
  CS_RECORD: z.string().optional(),
  CS_ON_DEMAND: oneOf(ON_OFF).default('on'),
  CS_ON_DEMAND_GRACE: number(10, 0, 3600, 'seconds'),
  CS_DIRECT_CLIENTS: number(4, 1, 16, 'clients'),
  CS_STUN_SERVER: iceUrl('stun'),
  CS_TURN_SERVER: iceUrl('turn'),
  CS_TURN_USER: z.string().optional(),
  CS_TURN_PASS: z.string().optional(),
});
/** What `CS_…` variables say. */
export type Settings = z.infer<typeof settings>;

/** @throws HostError with one sentence per wrong variable. */
export function readSettings(environment: Environment): Settings {
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

/** The STUN and TURN servers of the environment. */
export function iceServers(env: Settings): IceServer[] {
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
