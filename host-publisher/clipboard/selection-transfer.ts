import type { XEvent } from 'x11';
import type { X11Connection } from '../x11/x11-connection.ts';

const PROPERTY_NOTIFY = 28;
const DESTROY_NOTIFY = 17;
const DELETED = 1;
const PROPERTY_CHANGE_AND_STRUCTURE = 0x42_0000;
/** One request of npm's x11 carries 262,140 bytes at most. */
export const INCREMENT_BYTES = 192 * 1024;
const SILENCE_MS = 10_000;

export interface Increment {
  readonly requestor: number;
  readonly property: number;
  readonly type: number;
  readonly bytes: Buffer;
  /** Once, however it ended. */
  readonly onEnd: () => void;
}

/** Hands a large content to another program piece by piece, as it takes them (ICCCM's INCR). */
export class SelectionTransfer {
  readonly #x11: X11Connection;
  readonly #parts: Increment;
  readonly #stop: () => void;
  readonly #timer: NodeJS.Timeout;
  #offset = 0;
  #ended = false;

  /** Begins before the requestor is told: its first removal must not be missed. */
  constructor(x11: X11Connection, incremental: number, parts: Increment) {
    this.#x11 = x11;
    this.#parts = parts;
    const { requestor, property, bytes } = parts;
    this.#timer = setTimeout(() => this.end(), SILENCE_MS);
    this.#stop = x11.listen((event) => this.#hear(event));
    x11.client.ChangeWindowAttributes(requestor, { eventMask: PROPERTY_CHANGE_AND_STRUCTURE });
    x11.client.ChangeProperty(0, requestor, property, incremental, 32, [bytes.length]);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#stop();
    this.#parts.onEnd();
  }

  #hear({ type, wid, atom, state }: XEvent): void {
    const { requestor, property } = this.#parts;
    if (wid !== requestor) return;
    if (type === DESTROY_NOTIFY) this.end();
    if (type === PROPERTY_NOTIFY && atom === property && state === DELETED) this.#next();
  }

  /** The piece after the last is empty, and says that it was. */
  #next(): void {
    const { requestor, property, type, bytes } = this.#parts;
    this.#timer.refresh();
    const piece = bytes.subarray(this.#offset, this.#offset + INCREMENT_BYTES);
    this.#offset += piece.length;
    this.#x11.client.ChangeProperty(0, requestor, property, type, 8, piece);
    if (piece.length === 0) this.end();
  }
}
