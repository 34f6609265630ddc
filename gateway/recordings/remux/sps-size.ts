const HIGH_PROFILES: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128]);

/** The picture size of a sequence parameter set (ITU-T H.264 §7.3.2.1.1); null where it has none. */
export function spsSize(unit: Buffer): { readonly width: number; readonly height: number } | null {
  const bits = new Bits(unit.subarray(1));
  const profile = bits.read(8);
  bits.read(16);
  bits.golomb();
  let chroma = 1;
  if (HIGH_PROFILES.has(profile)) {
    chroma = bits.golomb();
    if (chroma === 3) bits.read(1);
    bits.golomb();
    bits.golomb();
    if (bits.read(2) % 2 === 1) return null;
  }
  bits.golomb();
  const order = bits.golomb();
  if (order === 0) bits.golomb();
  if (order === 1) return null;
  bits.golomb();
  bits.read(1);
  const width = (bits.golomb() + 1) * 16;
  const rows = bits.golomb() + 1;
  const fields = 2 - bits.read(1);
  if (fields === 2) bits.read(1);
  bits.read(1);
  const crop = bits.read(1) === 1 ? [0, 1, 2, 3].map(() => bits.golomb()) : [];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const across = chroma === 1 || chroma === 2 ? 2 : 1;
  const down = (chroma === 1 ? 2 : 1) * fields;
  const size = {
    width: width - across * (left + right),
    height: rows * 16 * fields - down * (top + bottom),
  };
  return size.width > 0 && size.height > 0 ? size : null;
}

/** Bits of a unit without its emulation prevention (§7.4.1.1). */
class Bits {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(unit: Buffer) {
    this.#bytes = Buffer.from(
      unit.filter((byte, at) => byte !== 3 || at < 2 || unit[at - 1] !== 0 || unit[at - 2] !== 0),
    );
  }

  read(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left -= 1, this.#at += 1) {
      value = value * 2 + (((this.#bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1);
    }
    return value;
  }

  golomb(): number {
    let zeros = 0;
    while (zeros < 31 && this.#at < this.#bytes.length * 8 && this.read(1) === 0) zeros += 1;
    return 2 ** zeros - 1 + this.read(zeros);
  }
}
