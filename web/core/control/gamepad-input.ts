import type { Gamepad as GamepadState } from '../../../gateway/protocol/input.ts';
import type { InputSink } from './input-sink.ts';

/** What of a `Gamepad` counts here. */
export interface PadFacts {
  readonly index: number;
  readonly connected: boolean;
  readonly mapping: string;
  readonly buttons: readonly { readonly pressed: boolean; readonly value: number }[];
  readonly axes: readonly number[];
}

/** What gamepads are read from. */
export interface GamepadParts {
  readonly pads: () => readonly (PadFacts | null)[];
  /** Calls once before the next picture of the page, until the returned function is called. */
  readonly nextFrame: (call: () => void) => () => void;
}

const MOST_PADS = 4;
const BUTTONS = 17;
const AXES = [0, 1, 2, 3] as const;
/** Finer than any stick; noise below it is not sent. */
const STEPS = 1_024;

/** Reads gamepads once per picture of the page while it runs; those without the standard mapping are left out. */
export class GamepadInput {
  readonly #sink: InputSink;
  readonly #parts: GamepadParts;
  #cancel: (() => void) | null = null;

  constructor(sink: InputSink, parts: GamepadParts) {
    this.#sink = sink;
    this.#parts = parts;
  }

  /** Ignored while running. */
  start(): void {
    this.#cancel ??= this.#parts.nextFrame(() => this.#read());
  }

  /** Idempotent. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #read(): void {
    const pads = this.#parts
      .pads()
      .filter((pad) => pad !== null)
      .filter(
        ({ connected, mapping, index }) => connected && mapping === 'standard' && index < MOST_PADS,
      );
    this.#sink.gamepads(pads.map(gamepadState), performance.now());
    this.#cancel = this.#parts.nextFrame(() => this.#read());
  }
}

/** As input frames tell it. */
function gamepadState({ index, buttons, axes }: PadFacts): GamepadState {
  const pressed = buttons
    .slice(0, BUTTONS)
    .reduce((all, button, bit) => (button.pressed ? all | (1 << bit) : all), 0);
  return {
    id: index,
    buttons: pressed,
    triggers: [rounded(buttons[6]?.value, 0), rounded(buttons[7]?.value, 0)],
    axes: AXES.map((axis) => rounded(axes[axis], -1)),
  };
}

const rounded = (value: number | undefined, least: number): number =>
  Math.round(Math.min(1, Math.max(least, value ?? 0)) * STEPS) / STEPS;
