import { SequenceUnwrapper } from './sequence-unwrapper.ts';

const TICKS_PER_MS = 4;
const TICKS_PER_REFERENCE = 256;
const HISTORY = 1000;
const MAX_STATUSES = 700;
/** A wider hole is not worth its status chunks: a new packet starts behind it. */
const MAX_HOLE = 200;

interface Report {
  readonly base: number;
  /** Arrival ticks per sequence from `base`; null where nothing came. */
  readonly arrivals: (number | null)[];
}

/** Arrival times of a publisher's packets, turned into transport-wide feedback (RTCP 205/15). */
export class TransportCc {
  readonly #unwrapper = new SequenceUnwrapper();
  readonly #arrivals = new Map<number, number>();
  #originMs: number | null = null;
  #firstUnreported: number | null = null;
  #feedbackCount = 0;

  /** Logs one packet by its transport-wide sequence number; duplicates keep the first time. */
  arrived(sequence: number, nowMs: number): void {
    // The reference time is 24 bits of 64 ms: it counts from the first packet.
    this.#originMs ??= nowMs - 1000;
    const full = this.#unwrapper.unwrap(sequence);
    if (this.#arrivals.has(full)) return;
    this.#arrivals.set(full, Math.round((nowMs - this.#originMs) * TICKS_PER_MS));
    if (this.#firstUnreported === null || full < this.#firstUnreported) {
      this.#firstUnreported = full;
    }
  }

  /** The feedback for everything logged since the last call. */
  feedback(sender: number, media: number): readonly Buffer[] {
    const first = this.#firstUnreported;
    const newest = this.#unwrapper.newest;
    if (first === null || newest === null) return [];
    this.#firstUnreported = null;
    const packets = this.#split(first, newest).map((report) => this.#write(report, sender, media));
    this.#forget(newest - HISTORY);
    return packets;
  }

  #split(first: number, newest: number): Report[] {
    const reports: Report[] = [];
    let current: Report | null = null;
    let last = 0;
    let hole = 0;
    for (let sequence = first; sequence <= newest; sequence += 1) {
      const ticks = this.#arrivals.get(sequence);
      if (ticks === undefined) {
        hole += 1;
        continue;
      }
      const fits =
        current !== null &&
        hole <= MAX_HOLE &&
        current.arrivals.length + hole < MAX_STATUSES &&
        Math.abs(ticks - last) <= 0x7fff;
      if (current === null || !fits) {
        current = { base: sequence, arrivals: [] };
        reports.push(current);
      } else {
        for (; hole > 0; hole -= 1) current.arrivals.push(null);
      }
      hole = 0;
      current.arrivals.push(ticks);
      last = ticks;
    }
    return reports;
  }

  #write({ base, arrivals }: Report, sender: number, media: number): Buffer {
    const reference = Math.floor((arrivals[0] ?? 0) / TICKS_PER_REFERENCE);
    const chunks = Math.ceil(arrivals.length / 7);
    const packet = Buffer.alloc(20 + 2 * chunks + 2 * arrivals.length + 3);
    let previous = reference * TICKS_PER_REFERENCE;
    let end = 20 + 2 * chunks;
    for (let chunk = 0; chunk < chunks; chunk += 1) {
      let symbols = 0xc000;
      for (let index = 0; index < 7; index += 1) {
        const ticks = arrivals[7 * chunk + index];
        if (ticks === undefined || ticks === null) continue;
        const delta = ticks - previous;
        previous = ticks;
        const small = delta >= 0 && delta <= 255;
        symbols |= (small ? 1 : 2) << (12 - 2 * index);
        end = small ? packet.writeUInt8(delta, end) : packet.writeInt16BE(delta, end);
      }
      packet.writeUInt16BE(symbols, 20 + 2 * chunk);
    }
    const padded = Math.ceil(end / 4) * 4;
    packet[0] = 0x80 | (padded > end ? 0x20 : 0) | 15;
    packet[1] = 205;
    packet.writeUInt16BE(padded / 4 - 1, 2);
    packet.writeUInt32BE(sender, 4);
    packet.writeUInt32BE(media, 8);
    packet.writeUInt16BE(base & 0xffff, 12);
    packet.writeUInt16BE(arrivals.length, 14);
    packet.writeUIntBE(reference & 0xffffff, 16, 3);
    packet[19] = this.#feedbackCount;
    this.#feedbackCount = (this.#feedbackCount + 1) & 0xff;
    // RFC 3550 §6.4.1: the last octet of padding counts it.
    if (padded > end) packet[padded - 1] = padded - end;
    return packet.subarray(0, padded);
  }

  #forget(before: number): void {
    if (this.#arrivals.size <= 2 * HISTORY) return;
    for (const sequence of this.#arrivals.keys()) {
      if (sequence < before) this.#arrivals.delete(sequence);
    }
  }
}
