import type { Device } from '../../gateway/protocol/control.ts';
import type { Gamepad } from '../../gateway/protocol/input.ts';

/** Parts of a notch of the wheel, as in `WHEEL_DELTA` and evdev's high-resolution wheel. */
export const NOTCH = 120;

/** One act upon the machine. */
export type Injection =
  | { readonly type: 'key'; readonly code: string; readonly keysym: number; readonly down: boolean }
  /** As in `MouseEvent.button`: 0 left, 1 middle, 2 right, 3 back, 4 forward. */
  | { readonly type: 'button'; readonly button: number; readonly down: boolean }
  /** Shares of the picture. */
  | { readonly type: 'move'; readonly x: number; readonly y: number }
  /** Whole pixels of the machine's screen. */
  | { readonly type: 'travel'; readonly x: number; readonly y: number }
  /** Whole 120ths of a notch; right and down count up. */
  | { readonly type: 'wheel'; readonly x: number; readonly y: number }
  | {
      readonly type: 'touch';
      readonly id: number;
      readonly x: number;
      readonly y: number;
      readonly phase: 'begin' | 'move' | 'end';
    }
  | { readonly type: 'text'; readonly text: string }
  /** How a gamepad stands from now on. */
  | ({ readonly type: 'gamepad' } & Gamepad);

const DEVICE_OF = {
  key: 'keyboard',
  text: 'keyboard',
  button: 'pointer',
  move: 'pointer',
  travel: 'pointer',
  wheel: 'pointer',
  touch: 'pointer',
  gamepad: 'gamepad',
} as const satisfies Record<Injection['type'], Device>;

/** Whose act it is. */
export const deviceOf = (act: Injection): Device => DEVICE_OF[act.type];
