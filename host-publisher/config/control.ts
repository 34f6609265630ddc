import { CLIPBOARD_DIRECTIONS } from '../clipboard/clipboard-desk.ts';
import { readAllowedCommands } from '../commands/allowed-commands.ts';
import { HostError } from '../host-error.ts';
import { KEYBOARD_MODES, type ControlOptions } from '../input/control-options.ts';
import { RESIZES } from '../screen/screen-desk.ts';
import { choose } from './choose.ts';
import { ON_OFF, type Settings } from './settings.ts';

/** Options of the command line that say what may be controlled, and how. */
export const CONTROL_OPTIONS = {
  control: { type: 'string' },
  'keyboard-mode': { type: 'string' },
  'keyboard-layout': { type: 'string' },
  clipboard: { type: 'string' },
  resize: { type: 'string' },
  commands: { type: 'string' },
} as const;

type Given = { readonly [option in keyof typeof CONTROL_OPTIONS]?: string | undefined };

/** XKB's own names: up to four layouts, each with or without a variant. */
const LAYOUTS = /^[a-z0-9_-]{1,20}(\([\w-]{1,40}\))?(,[a-z0-9_-]{1,20}(\([\w-]{1,40}\))?){0,3}$/;

export function readControl(given: Given, env: Settings): ControlOptions {
  const layout = given['keyboard-layout'] ?? env.CS_KEYBOARD_LAYOUT ?? null;
  if (layout !== null && !LAYOUTS.test(layout)) {
    throw new HostError(
      'usage',
      '--keyboard-layout takes XKB layouts, as us or de(nodeadkeys),us.',
    );
  }
  const commands = given.commands ?? env.CS_COMMANDS;
  return {
    on: choose('--control', given.control ?? env.CS_CONTROL, ON_OFF) === 'on',
    keyboardMode: choose(
      '--keyboard-mode',
      given['keyboard-mode'] ?? env.CS_KEYBOARD_MODE,
      KEYBOARD_MODES,
    ),
    keyboardLayout: layout,
    clipboard: choose('--clipboard', given.clipboard ?? env.CS_CLIPBOARD, CLIPBOARD_DIRECTIONS),
    resize: choose('--resize', given.resize ?? env.CS_RESIZE, RESIZES),
    largest: env.CS_LARGEST,
    commands: commands === undefined ? new Map() : readAllowedCommands(commands),
  };
}
