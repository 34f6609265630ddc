import type { HeldSet, InputEvent, InputFrame, Touch } from '../../gateway/protocol/input.ts';
import { SILENCE_MS } from '../../gateway/protocol/control-terms.ts';
import type { Injection } from './injection.ts';

const BUTTONS = [0, 1, 2, 3, 4] as const;
/** `MouseEvent.buttons` has the right button second and the middle one third; `button` the reverse. */
const BIT_OF_BUTTON = [1, 4, 2, 8, 16] as const;

interface Totals {
  readonly x: number;
  readonly y: number;
}

/**
 * Turns frames into acts and knows what is held down. Frames may be lost, doubled, reordered or of
 * somebody whose time is over: after each one that counts, exactly its held set is down.
 */
export class HeldInput {
  #epoch = 0;
  #sequence = -1;
  #heardAtMs = -Infinity;
  readonly #keys = new Map<string, number>();
  #buttons = 0;
  readonly #touches = new Map<number, Touch>();
  #travel: Totals = { x: 0, y: 0 };
  #wheel: Totals = { x: 0, y: 0 };
  #pointer: Totals | null = null;

  /** Whether anything is held down. */
  get isHolding(): boolean {
    return this.#keys.size > 0 || this.#buttons !== 0 || this.#touches.size > 0;
  }

  /** Begins an epoch: what the one before held is let go; older ones and the same are ignored. */
  begin(epoch: number): readonly Injection[] {
    if (epoch <= this.#epoch) return [];
    const acts = this.release();
    this.#epoch = epoch;
    this.#sequence = -1;
    this.#travel = { x: 0, y: 0 };
    this.#wheel = { x: 0, y: 0 };
    return acts;
  }

  /** The acts of a frame; none of a frame of another epoch, or older than one before it. */
  take(frame: InputFrame, nowMs: number): readonly Injection[] {
    if (frame.epoch !== this.#epoch || frame.sequence <= this.#sequence) return [];
    this.#sequence = frame.sequence;
    this.#heardAtMs = nowMs;
    return [
      ...this.#move(frame),
      ...frame.events.flatMap((event) => this.#happen(event)),
      ...(frame.held === undefined ? [] : this.#settle(frame.held)),
      ...this.#turn(frame.wheel),
    ];
  }

  /** Lets go of everything when nothing was heard for too long. */
  check(nowMs: number): readonly Injection[] {
    return this.isHolding && nowMs - this.#heardAtMs >= SILENCE_MS ? this.release() : [];
  }

  /** Lets go of everything, the last key first. */
  release(): readonly Injection[] {
    return this.#settle({ keys: [], buttons: 0, touches: [], gamepads: [] });
  }

  #move({ pointer, travel }: InputFrame): readonly Injection[] {
    const acts: Injection[] = [];
    if (pointer !== undefined && !isSame(pointer, this.#pointer)) {
      this.#pointer = pointer;
      acts.push({ type: 'move', ...pointer });
    }
    if (travel !== undefined) {
      // Parts of a pixel stay for the next frame.
      const step = wholeStep(this.#travel, travel);
      this.#travel = { x: this.#travel.x + step.x, y: this.#travel.y + step.y };
      if (step.x !== 0 || step.y !== 0) {
        this.#pointer = null;
        acts.push({ type: 'travel', ...step });
      }
    }
    return acts;
  }

  #turn(wheel: Totals | undefined): readonly Injection[] {
    if (wheel === undefined) return [];
    const step = wholeStep(this.#wheel, wheel);
    this.#wheel = { x: this.#wheel.x + step.x, y: this.#wheel.y + step.y };
    return step.x === 0 && step.y === 0 ? [] : [{ type: 'wheel', ...step }];
  }

  #happen(event: InputEvent): readonly Injection[] {
    switch (event.type) {
      case 'key':
        return this.#key(event.code, event.keysym, event.down);
      case 'button':
        return this.#button(event.button, event.down);
      case 'text':
        return [event];
      default:
        return event satisfies never;
    }
  }

  #settle({ keys, buttons, touches }: HeldSet): readonly Injection[] {
    const wanted = new Map(keys.map(({ code, keysym }) => [code, keysym]));
    const over = [...this.#keys].filter(([code]) => !wanted.has(code)).reverse();
    return [
      ...over.flatMap(([code, keysym]) => this.#key(code, keysym, false)),
      ...[...wanted].flatMap(([code, keysym]) => this.#key(code, keysym, true)),
      ...BUTTONS.flatMap((button) => this.#button(button, (buttons & bitOf(button)) !== 0)),
      ...this.#touch(touches),
    ];
  }

  #key(code: string, keysym: number, down: boolean): readonly Injection[] {
    const pressed = this.#keys.get(code);
    if ((pressed !== undefined) === down) return [];
    if (down) this.#keys.set(code, keysym);
    else this.#keys.delete(code);
    // A key goes up as what it went down: the meaning may have changed with a modifier since.
    return [{ type: 'key', code, keysym: pressed ?? keysym, down }];
  }

  #button(button: number, down: boolean): readonly Injection[] {
    const bit = bitOf(button);
    if (((this.#buttons & bit) !== 0) === down) return [];
    this.#buttons ^= bit;
    return [{ type: 'button', button, down }];
  }

  #touch(touches: readonly Touch[]): readonly Injection[] {
    const acts: Injection[] = [];
    const ids = new Set(touches.map(({ id }) => id));
    for (const touch of [...this.#touches.values()]) {
      if (ids.has(touch.id)) continue;
      this.#touches.delete(touch.id);
      acts.push({ type: 'touch', ...touch, phase: 'end' });
    }
    for (const touch of touches) {
      const known = this.#touches.get(touch.id);
      if (known !== undefined && isSame(known, touch)) continue;
      this.#touches.set(touch.id, touch);
      acts.push({ type: 'touch', ...touch, phase: known === undefined ? 'begin' : 'move' });
    }
    return acts;
  }
}

const bitOf = (button: number): number => BIT_OF_BUTTON[button] ?? 0;

const isSame = (a: Totals, b: Totals | null): boolean => a.x === b?.x && a.y === b.y;

const wholeStep = (from: Totals, to: Totals): Totals => ({
  x: Math.trunc(to.x - from.x),
  y: Math.trunc(to.y - from.y),
});
