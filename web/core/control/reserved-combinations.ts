import type { Platform } from './platform.ts';

/** Keys that a browser or system keeps for itself, for a page that sends them by a click. */
export interface ReservedCombination {
  /** For people. */
  readonly label: string;
  /** Pressed in this order, let go in the reverse. */
  readonly keys: readonly { readonly code: string; readonly keysym: number }[];
  /** A page gets them in full screen, where the browser locks the keyboard. */
  readonly comesInFullScreen: boolean;
}

const CONTROL = { code: 'ControlLeft', keysym: 0xffe3 };
const ALT = { code: 'AltLeft', keysym: 0xffe9 };
const SHIFT = { code: 'ShiftLeft', keysym: 0xffe1 };
const SUPER = { code: 'MetaLeft', keysym: 0xffeb };
const TAB = { code: 'Tab', keysym: 0xff09 };

const letter = (name: string) => ({
  code: `Key${name}`,
  keysym: name.toLowerCase().charCodeAt(0),
});

const combination = (
  label: string,
  keys: ReservedCombination['keys'],
  comesInFullScreen = true,
): ReservedCombination => ({ label, keys, comesInFullScreen });

const COMMON: readonly ReservedCombination[] = [
  combination('Ctrl+Alt+Del', [CONTROL, ALT, { code: 'Delete', keysym: 0xffff }], false),
  combination('Alt+Tab', [ALT, TAB]),
  combination('Alt+F4', [ALT, { code: 'F4', keysym: 0xffc1 }]),
  combination('Super', [SUPER]),
  combination('Escape', [{ code: 'Escape', keysym: 0xff1b }]),
  combination('F11', [{ code: 'F11', keysym: 0xffc8 }]),
  combination('Ctrl+T', [CONTROL, letter('T')]),
  combination('Ctrl+W', [CONTROL, letter('W')]),
  combination('Ctrl+N', [CONTROL, letter('N')]),
  combination('Ctrl+Tab', [CONTROL, TAB]),
  combination('Ctrl+Shift+T', [CONTROL, SHIFT, letter('T')]),
  combination('Ctrl+Shift+W', [CONTROL, SHIFT, letter('W')]),
  combination('Ctrl+Shift+N', [CONTROL, SHIFT, letter('N')]),
  combination('Print', [{ code: 'PrintScreen', keysym: 0xff61 }]),
];

const CONSOLES: readonly ReservedCombination[] = Array.from({ length: 7 }, (_, index) =>
  combination(
    `Ctrl+Alt+F${index + 1}`,
    [CONTROL, ALT, { code: `F${index + 1}`, keysym: 0xffbe + index }],
    false,
  ),
);

/** Those that a page on this platform does not hear, or only in full screen. */
export const reservedCombinations = (platform: Platform): readonly ReservedCombination[] =>
  platform === 'other' ? [...COMMON, ...CONSOLES] : COMMON;
