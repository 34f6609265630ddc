import type { InputSink } from './input-sink.ts';

/** A finger: CSS pixels of the window, and shares of the picture. */
export interface Finger {
  readonly id: number;
  readonly clientX: number;
  readonly clientY: number;
  readonly x: number;
  readonly y: number;
}

/** What a page does by itself with two fingers. */
export interface LocalGestures {
  /** The picture shall be shown `factor` times as large, around a place of the window. */
  pinched(factor: number, clientX: number, clientY: number): void;
}

const LONG_PRESS_MS = 500;
/** A finger that goes less far has not moved. */
const SLOP = 10;
/** CSS pixels that two fingers go for one notch of the wheel. */
const PIXELS_PER_NOTCH = 30;
const LEFT = 0;
const RIGHT = 2;

type Gesture =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'touched';
      readonly start: Finger;
      readonly timer: ReturnType<typeof setTimeout>;
    }
  | { readonly kind: 'drag'; readonly id: number }
  | {
      readonly kind: 'two';
      readonly centre: Centre;
      readonly does: 'undecided' | 'scroll' | 'pinch';
    }
  | { readonly kind: 'over' };

interface Centre {
  readonly clientX: number;
  readonly clientY: number;
  readonly apart: number;
}

/**
 * Fingers as a mouse: a tap clicks, a long press clicks with the right button, a moving finger drags,
 * two fingers turn the wheel or zoom the picture in the page.
 */
export class TouchGestures {
  readonly #sink: InputSink;
  readonly #local: LocalGestures;
  readonly #fingers = new Map<number, Finger>();
  #gesture: Gesture = { kind: 'none' };

  constructor(sink: InputSink, local: LocalGestures) {
    this.#sink = sink;
    this.#local = local;
  }

  start(finger: Finger, atMs: number): void {
    this.#fingers.set(finger.id, finger);
    if (this.#fingers.size === 1) this.#touch(finger);
    else if (this.#fingers.size === 2) this.#join(atMs);
    else this.#finish(atMs);
  }

  move(finger: Finger, atMs: number): void {
    if (!this.#fingers.has(finger.id)) return;
    this.#fingers.set(finger.id, finger);
    const gesture = this.#gesture;
    switch (gesture.kind) {
      case 'touched':
        if (distance(gesture.start, finger) >= SLOP) this.#drag(gesture.start, finger, atMs);
        return;
      case 'drag':
        if (gesture.id === finger.id) this.#sink.point(finger.x, finger.y, atMs);
        return;
      case 'two':
        this.#moveTwo(gesture, atMs);
        return;
      case 'none':
      case 'over':
        return;
      default:
        gesture satisfies never;
    }
  }

  end(id: number, atMs: number): void {
    const gesture = this.#gesture;
    if (!this.#fingers.delete(id)) return;
    if (gesture.kind === 'touched') this.#click(LEFT, gesture.start, atMs);
    this.#finish(atMs);
    if (this.#fingers.size === 0) this.#gesture = { kind: 'none' };
  }

  /** A finger was taken away by the system: what it began is no click. */
  cancel(id: number, atMs: number): void {
    if (!this.#fingers.delete(id)) return;
    this.#finish(atMs);
    if (this.#fingers.size === 0) this.#gesture = { kind: 'none' };
  }

  /** Forgets all fingers; the sink has let go of what they held. */
  forget(): void {
    if (this.#gesture.kind === 'touched') clearTimeout(this.#gesture.timer);
    this.#fingers.clear();
    this.#gesture = { kind: 'none' };
  }

  #touch(finger: Finger): void {
    const press = () => {
      this.#click(RIGHT, finger, performance.now());
      this.#gesture = { kind: 'over' };
    };
    this.#gesture = { kind: 'touched', start: finger, timer: setTimeout(press, LONG_PRESS_MS) };
  }

  #join(atMs: number): void {
    this.#finish(atMs);
    const centre = this.#centre();
    if (centre !== null) this.#gesture = { kind: 'two', centre, does: 'undecided' };
  }

  #drag(start: Finger, finger: Finger, atMs: number): void {
    this.#finish(atMs);
    this.#gesture = { kind: 'drag', id: finger.id };
    this.#sink.point(start.x, start.y, atMs);
    this.#sink.button(LEFT, true, atMs);
    this.#sink.point(finger.x, finger.y, atMs);
  }

  #moveTwo(gesture: Extract<Gesture, { kind: 'two' }>, atMs: number): void {
    const { centre } = gesture;
    const now = this.#centre();
    if (now === null) return;
    const across = now.clientX - centre.clientX;
    const down = now.clientY - centre.clientY;
    const spread = now.apart - centre.apart;
    const does =
      gesture.does === 'undecided' ? decide(Math.hypot(across, down), spread) : gesture.does;
    if (does === 'undecided') return;
    this.#gesture = { kind: 'two', centre: now, does };
    if (does === 'pinch') {
      this.#local.pinched(now.apart / Math.max(1, centre.apart), now.clientX, now.clientY);
      return;
    }
    // The content goes with the fingers.
    const [finger] = this.#fingers.values();
    if (gesture.does === 'undecided' && finger !== undefined)
      this.#sink.point(finger.x, finger.y, atMs);
    this.#sink.wheel(-across / PIXELS_PER_NOTCH, -down / PIXELS_PER_NOTCH, atMs);
  }

  #centre(): Centre | null {
    const [a, b] = this.#fingers.values();
    if (a === undefined || b === undefined) return null;
    return {
      clientX: (a.clientX + b.clientX) / 2,
      clientY: (a.clientY + b.clientY) / 2,
      apart: distance(a, b),
    };
  }

  #click(button: number, { x, y }: Finger, atMs: number): void {
    this.#sink.point(x, y, atMs);
    this.#sink.button(button, true, atMs);
    this.#sink.button(button, false, atMs);
  }

  #finish(atMs: number): void {
    if (this.#gesture.kind === 'touched') clearTimeout(this.#gesture.timer);
    if (this.#gesture.kind === 'drag') this.#sink.button(LEFT, false, atMs);
    this.#gesture = { kind: 'over' };
  }
}

const distance = (a: Finger, b: Finger): number =>
  Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);

function decide(moved: number, spread: number): 'undecided' | 'scroll' | 'pinch' {
  if (Math.max(moved, Math.abs(spread)) < SLOP) return 'undecided';
  return Math.abs(spread) > moved ? 'pinch' : 'scroll';
}
