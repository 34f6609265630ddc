import type { Codec } from './codec.ts';
import type { Address } from './rtp/address.ts';
import type { RingEntry } from './rtp/packet-ring.ts';
import type { ResendLimit } from './rtp/resend-limit.ts';
import type { Shift } from './rtp/shift.ts';

/** One viewer, as an output `O` sees it. */
export interface Receiver<O> {
  readonly resendLimit: ResendLimit;
  /** Video frames forwarded to it. */
  frames: number;
  /** What it calls the header extension of the playout delay; null when it does not know it. */
  readonly playoutDelayId: number | null;
  /** The payload type it negotiated for a codec, or null. */
  payloadTypeOf(codec: Codec): number | null;
  /** Whether it gets another output now, which goes on until this one's key frame comes. */
  isFed(): boolean;
  /** It gets the output from `entry` on; returns by what the packets are shifted for it. */
  join(output: O, entry: RingEntry | null): Shift;
  send(packet: Buffer): boolean;
}

/** Receivers for which packets are identical, byte for byte. */
export interface ReceiverGroup<O> extends Address {
  readonly receivers: Receiver<O>[];
}

/** Who gets an output's packets, and who waits for a key frame or for a codec that it knows. */
export class Receivers<O> {
  readonly #waiting = new Set<Receiver<O>>();
  #groups: ReceiverGroup<O>[] = [];

  get groups(): readonly ReceiverGroup<O>[] {
    return this.#groups;
  }

  get waiting(): ReadonlySet<Receiver<O>> {
    return this.#waiting;
  }

  /** Lets it wait; `admit` is what makes it receive. */
  add(receiver: Receiver<O>): void {
    this.#waiting.add(receiver);
  }

  remove(receiver: Receiver<O>): void {
    this.#waiting.delete(receiver);
    for (const group of this.#groups) {
      const index = group.receivers.indexOf(receiver);
      if (index >= 0) group.receivers.splice(index, 1);
    }
    this.#groups = this.#groups.filter((group) => group.receivers.length > 0);
  }

  /** Lets one receive from now on, its packets shifted; it must know the codec. */
  admit(receiver: Receiver<O>, payloadType: number, shift: Shift): void {
    this.#waiting.delete(receiver);
    const group = this.#groups.find(
      (known) =>
        known.payloadType === payloadType &&
        known.shift === shift &&
        known.playoutDelayId === receiver.playoutDelayId,
    );
    const { playoutDelayId } = receiver;
    const same = { payloadType, shift, playoutDelayId };
    if (group === undefined) this.#groups.push({ ...same, receivers: [receiver] });
    else group.receivers.push(receiver);
  }

  /** Lets all wait again. */
  holdAll(): void {
    for (const { receivers } of this.#groups) {
      for (const receiver of receivers) this.#waiting.add(receiver);
    }
    this.#groups = [];
  }
}
