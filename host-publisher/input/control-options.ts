import type { PictureSize } from '../../gateway/protocol/host.ts';
import type { ClipboardDirection } from '../clipboard/clipboard-desk.ts';
import type { AllowedCommands } from '../commands/allowed-commands.ts';
import type { Resize } from '../screen/screen-desk.ts';

/** How keys reach the machine: by what they mean to their sender, or by where they are. */
export const KEYBOARD_MODES = ['keysym', 'code'] as const;
export type KeyboardMode = (typeof KEYBOARD_MODES)[number];

/** What of a host may be controlled, and how. */
export interface ControlOptions {
  readonly on: boolean;
  readonly keyboardMode: KeyboardMode;
  /** XKB layouts with variants, as `us` or `de(nodeadkeys),us`; null: as the display has it. */
  readonly keyboardLayout: string | null;
  readonly clipboard: ClipboardDirection;
  readonly resize: Resize;
  /** The largest screen, and picture, that a viewer's window makes of a desktop. */
  readonly largest: PictureSize;
  /** What whoever controls the keyboard may run. */
  readonly commands: AllowedCommands;
}
