import type { TakenPacket } from './packet-batch.ts';

/** How long a lost packet is waited for: repairs come within a round trip or two. */
const WAIT_MS = 500;
const MOST_WAITING = 2_000;

/** Packets of one RTP stream in the order of their numbers; `null` stands for what was lost. */
export class Reorder {
  readonly #waiting = new Map<number, TakenPacket>();
  #next: number | null = null;

  /** Takes one in, and hands on what is in order now. */
  *push(packet: TakenPacket): Generator<TakenPacket | null> {
    this.#next ??= packet.sequence;
    if (packet.sequence < this.#next) return;
    this.#waiting.set(packet.sequence, packet);
    yield* this.#inOrder();
    if (this.#waiting.size > MOST_WAITING) yield* this.#skip();
  }

  /** Gives up what was waited for too long. */
  *expire(nowMs: number): Generator<TakenPacket | null> {
    for (;;) {
      const [oldest] = this.#waiting.values();
      if (oldest === undefined || nowMs - oldest.atMs < WAIT_MS) return;
      yield* this.#skip();
    }
  }

  /** Everything that is left, at the end. */
  *drain(): Generator<TakenPacket | null> {
    while (this.#waiting.size > 0) yield* this.#skip();
  }

  *#skip(): Generator<TakenPacket | null> {
    const [first, ...others] = this.#waiting.keys();
    if (first === undefined) return;
    this.#next = others.reduce((least, sequence) => Math.min(least, sequence), first);
    yield null;
    yield* this.#inOrder();
  }

  *#inOrder(): Generator<TakenPacket> {
    for (;;) {
      const packet = this.#next === null ? undefined : this.#waiting.get(this.#next);
      if (packet === undefined || this.#next === null) return;
      this.#waiting.delete(this.#next);
      this.#next += 1;
      yield packet;
    }
  }
}
