import type { Codec } from './codec.ts';
import type { ResendLimit } from './rtp/resend-limit.ts';

/** One viewer, as an output sees it. */
export interface Receiver {
  readonly resendLimit: ResendLimit;
  /** Video frames forwarded to it. */
  frames: number;
  /** The payload type it negotiated for a codec, or null. */
  payloadTypeOf(codec: Codec): number | null;
  send(packet: Buffer): boolean;
}

/** Receivers for which packets are identical, byte for byte. */
export interface ReceiverGroup {
  readonly payloadType: number;
  readonly receivers: Receiver[];
}

/** Who gets an output's packets, and who waits for a key frame or for a codec that it knows. */
export class Receivers {
  readonly #waiting = new Set<Receiver>();
  #groups: ReceiverGroup[] = [];

  get groups(): readonly ReceiverGroup[] {
    return this.#groups;
  }

  get waiting(): ReadonlySet<Receiver> {
    return this.#waiting;
  }

  /** Lets it wait; `admit` is what makes it receive. */
  add(receiver: Receiver): void {
    this.#waiting.add(receiver);
  }

  remove(receiver: Receiver): void {
    this.#waiting.delete(receiver);
    for (const group of this.#groups) {
      const index = group.receivers.indexOf(receiver);
      if (index >= 0) group.receivers.splice(index, 1);
    }
    this.#groups = this.#groups.filter((group) => group.receivers.length > 0);
  }

  /** Lets one receive from now on; false when it does not know the codec. */
  admit(receiver: Receiver, codec: Codec | null): boolean {
    const payloadType = codec === null ? null : receiver.payloadTypeOf(codec);
    if (payloadType === null) return false;
    this.#waiting.delete(receiver);
    const group = this.#groups.find((known) => known.payloadType === payloadType);
    if (group === undefined) this.#groups.push({ payloadType, receivers: [receiver] });
    else group.receivers.push(receiver);
    return true;
  }

  /** Lets all wait again. */
  holdAll(): void {
    for (const { receivers } of this.#groups) {
      for (const receiver of receivers) this.#waiting.add(receiver);
    }
    this.#groups = [];
  }
}
