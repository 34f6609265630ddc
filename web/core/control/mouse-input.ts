import type { InputSink } from './input-sink.ts';
import type { KeyboardInput } from './keyboard-input.ts';
import type { ModifierFacts } from './key-facts.ts';
import { wheelNotches } from './wheel-notches.ts';
import type { WheelFacts } from './wheel-notches.ts';

/** What of a `PointerEvent` of a mouse or pen counts here. */
export interface MouseFacts extends ModifierFacts {
  readonly timeStamp: number;
  /** The button that changed; -1: none did. */
  readonly button: number;
  /** Those that are down now, as bits. */
  readonly buttons: number;
}

const BIT_OF_BUTTON = [1, 4, 2, 8, 16] as const;
const NO_MODIFIER: ModifierFacts = { getModifierState: () => false };
/** A pinch on a trackpad comes as a wheel under a Control that nobody pressed. */
const PINCH_ENDS_MS = 200;
const PINCH_PIXELS = 10;

/** Buttons and wheel of a mouse or pen. */
export class MouseInput {
  readonly #sink: InputSink;
  readonly #keyboard: KeyboardInput;
  #down = 0;
  #pinchTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(sink: InputSink, keyboard: KeyboardInput) {
    this.#sink = sink;
    this.#keyboard = keyboard;
  }

  /** Whether a button is sent as down. */
  get isDown(): boolean {
    return this.#down !== 0;
  }

  /** Follows the buttons of a pointer event: what is up is let go, what this event presses goes down. */
  handle(facts: MouseFacts): void {
    const { button, buttons, timeStamp } = facts;
    const pressed = BIT_OF_BUTTON[button] ?? 0;
    const isPress = (buttons & pressed) !== 0;
    this.#keyboard.follow(facts, timeStamp, isPress);
    BIT_OF_BUTTON.forEach((bit, index) => {
      if ((this.#down & bit & ~buttons) !== 0) this.#turn(index, bit, false, timeStamp);
    });
    if (isPress && (this.#down & pressed) === 0) this.#turn(button, pressed, true, timeStamp);
  }

  /** A notch or a part of one; a pinch turns the wheel under Control. */
  turn(
    facts: WheelFacts & ModifierFacts & { readonly timeStamp: number; readonly ctrlKey: boolean },
  ): void {
    const isPinch = facts.ctrlKey && !this.#keyboard.holds('Control');
    this.#keyboard.follow(facts, facts.timeStamp, true);
    const isUnderPinch = isPinch || this.#pinchTimer !== undefined;
    const { x, y } = isUnderPinch ? { x: 0, y: facts.deltaY / PINCH_PIXELS } : wheelNotches(facts);
    this.#sink.wheel(x, y, facts.timeStamp);
    if (!isUnderPinch) return;
    clearTimeout(this.#pinchTimer);
    this.#pinchTimer = setTimeout(() => this.#endPinch(), PINCH_ENDS_MS);
  }

  /** Forgets what is down; the sink has let go of it. */
  forget(): void {
    clearTimeout(this.#pinchTimer);
    this.#pinchTimer = undefined;
    this.#down = 0;
  }

  #endPinch(): void {
    this.#pinchTimer = undefined;
    this.#keyboard.follow(NO_MODIFIER, performance.now(), false);
  }

  #turn(button: number, bit: number, down: boolean, atMs: number): void {
    this.#down ^= bit;
    this.#sink.button(button, down, atMs);
  }
}
