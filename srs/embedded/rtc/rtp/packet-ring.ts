import type { NumberedPacket } from './shift.ts';

/** A packet to keep for repair and late joiners. */
export interface RingEntry extends NumberedPacket {
  /** First packet of a new video frame. */
  readonly startsFrame: boolean;
  readonly startsKeyframe: boolean;
  /** How long receivers may hold it back, as the publisher says; null when it does not. */
  readonly playoutDelay: number | null;
}

/** The last packets of an output stream, by sequence number, for repair and late joiners. */
export class PacketRing {
  readonly #capacity: number;
  readonly #slots: (RingEntry | undefined)[];
  #newest = -1;

  /** SRTP refuses what is older than 1024 packets: `capacity` stays below that. */
  constructor(capacity = 1000) {
    this.#capacity = capacity;
    this.#slots = new Array<RingEntry | undefined>(capacity).fill(undefined);
  }

  /** The newest sequence stored, -1 when empty. */
  get newest(): number {
    return this.#newest;
  }

  /** Stores a packet; false when it is there already or too old. */
  put(entry: RingEntry): boolean {
    if (entry.sequence <= this.#newest - this.#capacity) return false;
    const slot = entry.sequence % this.#capacity;
    if (this.#slots[slot]?.sequence === entry.sequence) return false;
    this.#slots[slot] = entry;
    if (entry.sequence > this.#newest) this.#newest = entry.sequence;
    return true;
  }

  get(sequence: number): RingEntry | null {
    if (sequence <= this.#newest - this.#capacity) return null;
    const entry = this.#slots[sequence % this.#capacity];
    return entry?.sequence === sequence ? entry : null;
  }

  /** Finds a packet by the 16 bits that a NACK names. */
  find(sequence: number): RingEntry | null {
    return this.#newest < 0 ? null : this.get(this.#newest - ((this.#newest - sequence) & 0xffff));
  }
}
