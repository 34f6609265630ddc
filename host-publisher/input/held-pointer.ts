import type { InputFrame, Touch } from '../../gateway/protocol/input.ts';
import { NOTCH, type Injection } from './injection.ts';

const BUTTONS = [0, 1, 2, 3, 4] as const;
/** `MouseEvent.buttons` has the right button second and the middle one third; `button` the reverse. */
const BIT_OF_BUTTON = [1, 4, 2, 8, 16] as const;

interface Point {
  readonly x: number;
  readonly y: number;
}
const NOWHERE: Point = { x: 0, y: 0 };

/** Where the pointer is, and which buttons and fingers are down. */
export class HeldPointer {
  #buttons = 0;
  readonly #touches = new Map<number, Touch>();
  /** Null: unknown, since it was moved by steps. */
  #place: Point | null = null;
  #travel = NOWHERE;
  #wheel = NOWHERE;

  get isHolding(): boolean {
    return this.#buttons !== 0 || this.#touches.size > 0;
  }

  /** Totals count from zero again, and the pointer may be anywhere. */
  begin(): void {
    this.#place = null;
    this.#travel = NOWHERE;
    this.#wheel = NOWHERE;
  }

  /** Newest motion. Parts of a pixel, and of a 120th of a notch, stay for the next one. */
  move({ pointer, travel, wheel }: InputFrame): readonly Injection[] {
    const acts: Injection[] = [...(pointer === undefined ? [] : this.place(pointer))];
    const step = wholeStep(this.#travel, travel ?? this.#travel);
    this.#travel = sum(this.#travel, step);
    if (!isSame(step, NOWHERE)) {
      this.#place = null;
      acts.push({ type: 'travel', ...step });
    }
    const turned = wheel === undefined ? this.#wheel : { x: wheel.x * NOTCH, y: wheel.y * NOTCH };
    const turn = wholeStep(this.#wheel, turned);
    this.#wheel = sum(this.#wheel, turn);
    if (!isSame(turn, NOWHERE)) acts.push({ type: 'wheel', ...turn });
    return acts;
  }

  /** Where it is known to be; null after steps. */
  get known(): Point | null {
    return this.#place;
  }

  place(point: Point): readonly Injection[] {
    if (isSame(point, this.#place)) return [];
    this.#place = point;
    return [{ type: 'move', x: point.x, y: point.y }];
  }

  press(button: number, down: boolean): readonly Injection[] {
    const bit = BIT_OF_BUTTON[button] ?? 0;
    if (((this.#buttons & bit) !== 0) === down) return [];
    this.#buttons ^= bit;
    return [{ type: 'button', button, down }];
  }

  /** Exactly these are down from now on. */
  settle(buttons: number, touches: readonly Touch[]): readonly Injection[] {
    const isDown = (button: number): boolean => (buttons & (BIT_OF_BUTTON[button] ?? 0)) !== 0;
    return [
      ...BUTTONS.flatMap((button) => this.press(button, isDown(button))),
      ...this.#touch(touches),
    ];
  }

  forget(): void {
    this.#buttons = 0;
    this.#touches.clear();
    this.#place = null;
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

const isSame = (a: Point, b: Point | null): boolean => a.x === b?.x && a.y === b.y;

const sum = (a: Point, b: Point): Point => ({ x: a.x + b.x, y: a.y + b.y });

/** Never -0. */
const wholeStep = (from: Point, to: Point): Point => ({
  x: Math.trunc(to.x - from.x) + 0,
  y: Math.trunc(to.y - from.y) + 0,
});
