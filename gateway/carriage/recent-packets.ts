/** Below the 1024 packets after which SRTP refuses to send one again. */
const SLOTS = 512;

/** The last packets of each stream, for those who did not get them. */
export class RecentPackets {
  readonly #streams = new Map<number, (Buffer | undefined)[]>();

  /** Keeps an RTP packet, which nobody may change afterwards. */
  put(packet: Buffer): void {
    const ssrc = packet.readUInt32BE(8);
    let slots = this.#streams.get(ssrc);
    if (slots === undefined) {
      slots = new Array<Buffer | undefined>(SLOTS).fill(undefined);
      this.#streams.set(ssrc, slots);
      // A picture and its sound; one more while a node starts anew.
      const [oldest = ssrc] = this.#streams.keys();
      if (this.#streams.size > 4) this.#streams.delete(oldest);
    }
    slots[packet.readUInt16BE(2) % SLOTS] = packet;
  }

  get(ssrc: number, sequence: number): Buffer | undefined {
    const packet = this.#streams.get(ssrc)?.[sequence % SLOTS];
    return packet?.readUInt16BE(2) === sequence ? packet : undefined;
  }
}
