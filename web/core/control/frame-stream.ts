import type { Device } from '../../../gateway/protocol/control.ts';
import type {
  Gamepad,
  HeldSet,
  InputEvent,
  InputFrame,
  Touch,
} from '../../../gateway/protocol/input.ts';

/** Less than a frame may have, so that a frame full of text fits into one message. */
const EVENTS_A_FRAME = 16;
/** Events that nobody has confirmed; the held set makes up for older ones. */
const MOST_UNCONFIRMED = 512;
/** As many as a held set may name. */
const MOST_KEYS = 32;
/** `MouseEvent.buttons` has the right button second and the middle one third; `button` the reverse. */
const BIT_OF_BUTTON = [1, 4, 2, 8, 16] as const;

interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * The input of one epoch: what is held, where pointer and wheel stand, and which events are on their
 * way. Everything that a lost frame said is said again by the next.
 */
export class FrameStream {
  readonly epoch: number;
  devices: ReadonlySet<Device>;
  #sequence = 0;
  readonly #keys = new Map<string, number>();
  #buttons = 0;
  #touches: readonly Touch[] = [];
  #gamepads: readonly Gamepad[] = [];
  #pointer: Place | null = null;
  #travel: Place | null = null;
  #wheel: Place | null = null;
  /** Those that nobody has confirmed; the first one has the number `#confirmed`. */
  readonly #events: InputEvent[] = [];
  #confirmed = 0;
  #said = 0;

  constructor(epoch: number, devices: ReadonlySet<Device>) {
    this.epoch = epoch;
    this.devices = devices;
  }

  /** Whether anything is held down, or a gamepad is not at rest. */
  get isHolding(): boolean {
    return (
      this.#keys.size > 0 ||
      this.#buttons !== 0 ||
      this.#touches.length > 0 ||
      this.#gamepads.some((gamepad) => !isAtRest(gamepad))
    );
  }

  /** Whether there are events that no frame has said yet. */
  get hasUnsaid(): boolean {
    return this.#said < this.#confirmed + this.#events.length;
  }

  /** False: nothing changed. */
  key(code: string, keysym: number, down: boolean): boolean {
    const isFull = down && this.#keys.size >= MOST_KEYS;
    if (this.#keys.has(code) === down || isFull) return false;
    // A key goes up as what it went down: a modifier may have changed its meaning since.
    const meant = this.#keys.get(code) ?? keysym;
    if (down) this.#keys.set(code, keysym);
    else this.#keys.delete(code);
    this.#add({ type: 'key', code, keysym: meant, down });
    return true;
  }

  /** False: nothing changed. */
  button(button: number, down: boolean): boolean {
    const bit = bitOf(button);
    if (bit === 0 || ((this.#buttons & bit) !== 0) === down) return false;
    this.#buttons ^= bit;
    this.#add({ type: 'button', button, down });
    return true;
  }

  text(text: string): void {
    this.#add({ type: 'text', text });
  }

  point(place: Place): void {
    this.#pointer = place;
  }

  travel(dx: number, dy: number): void {
    this.#pointer = null;
    this.#travel = sum(this.#travel, dx, dy);
  }

  wheel(dx: number, dy: number): void {
    this.#wheel = sum(this.#wheel, dx, dy);
  }

  /** Whether a finger came or went. */
  touch(touches: readonly Touch[]): boolean {
    const before = new Set(this.#touches.map(({ id }) => id));
    this.#touches = touches;
    return before.size !== touches.length || touches.some(({ id }) => !before.has(id));
  }

  /** False: nothing changed. */
  play(gamepads: readonly Gamepad[]): boolean {
    if (JSON.stringify(gamepads) === JSON.stringify(this.#gamepads)) return false;
    this.#gamepads = gamepads;
    return true;
  }

  /** Lets go of everything; false: nothing was held. */
  release(): boolean {
    const wasHolding = this.isHolding;
    this.#keys.clear();
    this.#buttons = 0;
    this.#touches = [];
    this.#gamepads = [];
    return wasHolding;
  }

  /** The host took or made good so many events, in all. */
  confirm(events: number): void {
    const count = Math.min(events - this.#confirmed, this.#events.length);
    if (count > 0) this.#forgetOldest(count);
  }

  /** What nobody has confirmed will be said again. */
  repeat(): void {
    this.#said = this.#confirmed;
  }

  /** A frame that says everything: what is held, where things stand, and the next events. */
  whole(at: number, mark: number | null): InputFrame {
    const eventsBefore = this.#said;
    const from = eventsBefore - this.#confirmed;
    const events = this.#events.slice(from, from + EVENTS_A_FRAME);
    const later = this.#events.slice(from + EVENTS_A_FRAME);
    this.#said += events.length;
    return { ...this.#stand(at, mark), held: this.#heldBefore(later), eventsBefore, events };
  }

  /** A frame of where pointer and wheel stand, which may be lost. */
  motion(at: number, mark: number | null): InputFrame {
    return { ...this.#stand(at, mark), eventsBefore: this.#said, events: [] };
  }

  #stand(at: number, mark: number | null): Omit<InputFrame, 'eventsBefore' | 'events'> {
    const hasPointer = this.devices.has('pointer');
    return {
      type: 'input/frame',
      epoch: this.epoch,
      sequence: this.#sequence++,
      at,
      ...(mark === null ? {} : { mark }),
      ...(hasPointer && this.#pointer !== null ? { pointer: this.#pointer } : {}),
      ...(hasPointer && this.#travel !== null ? { travel: this.#travel } : {}),
      ...(hasPointer && this.#wheel !== null ? { wheel: this.#wheel } : {}),
    };
  }

  /** What was held before these events, the last ones: a frame's held set is that of its own time. */
  #heldBefore(later: readonly InputEvent[]): HeldSet {
    const keys = new Map(this.#keys);
    let buttons = this.#buttons;
    for (const event of later.toReversed()) {
      if (event.type === 'key' && event.down) keys.delete(event.code);
      else if (event.type === 'key') keys.set(event.code, event.keysym);
      else if (event.type === 'button') buttons ^= bitOf(event.button);
    }
    const has = (device: Device): boolean => this.devices.has(device);
    return {
      keys: has('keyboard') ? [...keys].map(([code, keysym]) => ({ code, keysym })) : [],
      buttons: has('pointer') ? buttons : 0,
      touches: has('pointer') ? [...this.#touches] : [],
      gamepads: has('gamepad') ? [...this.#gamepads] : [],
    };
  }

  #add(event: InputEvent): void {
    this.#events.push(event);
    if (this.#events.length > MOST_UNCONFIRMED) this.#forgetOldest(1);
  }

  #forgetOldest(count: number): void {
    this.#events.splice(0, count);
    this.#confirmed += count;
    this.#said = Math.max(this.#said, this.#confirmed);
  }
}

const bitOf = (button: number): number => BIT_OF_BUTTON[button] ?? 0;

const sum = (totals: Place | null, dx: number, dy: number): Place => ({
  x: (totals?.x ?? 0) + dx,
  y: (totals?.y ?? 0) + dy,
});

const isAtRest = ({ buttons, triggers, axes }: Gamepad): boolean =>
  buttons === 0 && triggers.every((value) => value === 0) && axes.every((value) => value === 0);
