import type { Gamepad, Touch } from '../../../gateway/protocol/input.ts';

/**
 * Takes what a person does. `atMs` is when it happened, by `performance.now()` (an event's
 * `timeStamp`). What belongs to a device that this page does not hold is ignored.
 */
export interface InputSink {
  /** A key goes down or up; up without down before is ignored, as is down of a key that is down. */
  key(code: string, keysym: number, down: boolean, atMs: number): void;
  /** Composed text of any length. */
  text(text: string, atMs: number): void;
  /** The pointer stands there: shares of the picture, clamped to 0..1. */
  point(x: number, y: number, atMs: number): void;
  /** A locked pointer went so many pixels of the host, with fractions. */
  travel(dx: number, dy: number, atMs: number): void;
  /** The wheel turned so many notches, with fractions; right and down positive. */
  wheel(dx: number, dy: number, atMs: number): void;
  /** As `MouseEvent.button`, 0 to 4. */
  button(button: number, down: boolean, atMs: number): void;
  /** All fingers that are down. */
  touches(touches: readonly Touch[], atMs: number): void;
  /** All gamepads that are plugged in. */
  gamepads(gamepads: readonly Gamepad[], atMs: number): void;
  /** Lets go of everything that is held, on all devices, at once. */
  release(): void;
}
