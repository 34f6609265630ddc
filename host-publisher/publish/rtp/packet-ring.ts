import { sequenceOf } from './rtp-packet.ts';

interface Kept {
  readonly packet: Buffer;
  resentAtMs: number;
}

/** libdatachannel's SRTP refuses packets that are 1024 numbers old. */
const DEFAULT_CAPACITY = 1_000;

/** The last packets of one stream, for those that got lost. */
export class PacketRing {
  readonly #kept: (Kept | undefined)[];
  #newest: number | null = null;

  constructor(capacity = DEFAULT_CAPACITY) {
    this.#kept = new Array<Kept | undefined>(capacity);
  }

  add(packet: Buffer): void {
    const sequence = sequenceOf(packet);
    this.#newest = sequence;
    this.#kept[sequence % this.#kept.length] = { packet, resentAtMs: -Infinity };
  }

  /** The packet to send once more, or null when it is too old or was sent again within `gapMs`. */
  take(sequence: number, nowMs: number, gapMs: number): Buffer | null {
    const kept = this.#kept[sequence % this.#kept.length];
    if (kept === undefined || this.#newest === null || sequenceOf(kept.packet) !== sequence)
      return null;
    if (((this.#newest - sequence) & 0xffff) >= this.#kept.length) return null;
    if (nowMs - kept.resentAtMs < gapMs) return null;
    kept.resentAtMs = nowMs;
    return kept.packet;
  }
}
