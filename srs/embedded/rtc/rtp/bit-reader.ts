/** Reads bits, most significant first; zeros behind the end. */
export class BitReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Whether more was read than there is. */
  get exhausted(): boolean {
    return this.#at > this.#bytes.length * 8;
  }

  /** The next `count` bits, at most 31. */
  read(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left -= 1) {
      const byte = this.#bytes[this.#at >> 3] ?? 0;
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at += 1;
    }
    return value;
  }

  /** An unsigned Exp-Golomb number (ITU-T H.264 §9.1). */
  readUnsigned(): number {
    let zeros = 0;
    while (zeros < 31 && !this.exhausted && this.read(1) === 0) zeros += 1;
    return 2 ** zeros - 1 + this.read(zeros);
  }
}
