import { resolve } from 'node:path';
import { HostError } from '../host-error.ts';
import { PORTAL } from '../media/display.ts';
import { CursorMode, Renderer, SoundKind, SourceKind, type MediaPlan } from '../media/plan.ts';
import { choose } from './choose.ts';
import { ON_OFF, type Environment, type Settings } from './settings.ts';

/** Options of the command line that say what is captured, and what is done with it here. */
export const SOURCE_OPTIONS = {
  source: { type: 'string', default: 'cube' },
  display: { type: 'string' },
  window: { type: 'string' },
  file: { type: 'string' },
  loop: { type: 'string', default: 'on' },
  device: { type: 'string' },
  audio: { type: 'string' },
  cursor: { type: 'string' },
  render: { type: 'string' },
  record: { type: 'string' },
} as const;

type Given = {
  readonly [option in keyof typeof SOURCE_OPTIONS]?: string | undefined;
} & { readonly source: string; readonly loop: string };
export type SourcePlan = Pick<
  MediaPlan,
  | 'source'
  | 'display'
  | 'window'
  | 'file'
  | 'loop'
  | 'device'
  | 'cursor'
  | 'renderer'
  | 'record'
  | 'sound'
>;

const SOUND_OF: Readonly<Record<SourceKind, SoundKind>> = {
  cube: 'tone',
  test: 'tone',
  desktop: 'monitor',
  window: 'monitor',
  file: 'file',
  camera: 'microphone',
};

/** `name` begins the names of recordings in a folder. */
export function readSource(
  given: Given,
  env: Settings,
  environment: Environment,
  name: string,
): SourcePlan {
  const source = choose('--source', given.source, SourceKind.options);
  if (source === 'window' && !given.window) {
    throw new HostError('usage', '--source window needs --window with the title or the id of one.');
  }
  if (source === 'file' && !given.file) {
    throw new HostError('usage', '--source file needs --file with a path.');
  }
  const sound = choose('--audio', given.audio ?? SOUND_OF[source], SoundKind.options);
  if (sound === 'file' && source !== 'file') {
    throw new HostError('usage', '--audio file needs --source file.');
  }
  const display = readDisplay(source, given, environment);
  const record = given.record ?? env.CS_RECORD;
  return {
    source,
    display,
    window: given.window ?? null,
    file: given.file === undefined ? null : resolve(given.file),
    loop: choose('--loop', given.loop, ON_OFF) === 'on',
    device: given.device ?? null,
    cursor: readCursor(
      source === 'desktop' && display !== PORTAL,
      choose('--cursor', given.cursor ?? env.CS_CURSOR, CursorMode.options),
    ),
    renderer: choose('--render', given.render ?? env.CS_RENDER, Renderer.options),
    record: record === undefined ? null : { path: resolve(record), name },
    sound,
  };
}

/** Only a whole X11 desktop tells where its cursor is in the picture. */
function readCursor(isTold: boolean, wanted: CursorMode): CursorMode {
  return wanted === 'viewers' && !isTold ? 'picture' : wanted;
}

/** An Xwayland shows no desktop: a Wayland session has a portal, unless an X11 server is named. */
function readDisplay(source: SourceKind, given: Given, environment: Environment): string | null {
  const { XDG_SESSION_TYPE, WAYLAND_DISPLAY, DISPLAY } = environment;
  const isWayland = XDG_SESSION_TYPE === 'wayland' || (!!WAYLAND_DISPLAY && !DISPLAY);
  const own = isWayland && source === 'desktop' ? PORTAL : DISPLAY || null;
  const display = given.display ?? own;
  if (display !== PORTAL || source !== 'window') return display;
  throw new HostError('usage', '--display portal needs --source desktop.');
}
