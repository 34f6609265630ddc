/** Counts what arrives of one RTP stream, and what is missing in between. */
export class SequenceCount {
  received = 0;
  #first: number | null = null;
  #highest = 0;

  /** Takes any packet of an m-line; RTCP (byte 1 of 192..223, RFC 5761) is passed over. */
  take(packet: Buffer): void {
    if (packet.length < 12) return;
    const type = packet.readUInt8(1);
    if (type >= 192 && type <= 223) return;
    const sequence = packet.readUInt16BE(2);
    this.received += 1;
    if (this.#first === null) {
      this.#first = sequence;
      this.#highest = sequence;
      return;
    }
    const ahead = ((sequence - this.#highest + 0x8000) & 0xffff) - 0x8000;
    if (ahead > 0) this.#highest += ahead;
  }

  /** Packets of the range seen so far that did not arrive. */
  get missing(): number {
    if (this.#first === null) return 0;
    return Math.max(0, this.#highest - this.#first + 1 - this.received);
  }
}
