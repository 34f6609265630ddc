/** What stands before a payload's share of a VP9 frame (RFC 9628 §4.2). */
export interface Vp9Descriptor {
  /** How many bytes it has; behind the payload's end where that is cut short. */
  readonly start: number;
  /** A frame begins here: a picture, or one of its spatial layers. */
  readonly opens: boolean;
  /** Of the highest spatial layer, where it is told. */
  readonly size: { readonly width: number; readonly height: number } | null;
}

/** I, P, L, F, B, E, V, Z, and what each of them adds. */
export function readDescriptor(payload: Buffer): Vp9Descriptor {
  const first = payload[0] ?? 0;
  const [flexible, inter] = [(first & 0x10) !== 0, (first & 0x40) !== 0];
  let at = 1;
  if ((first & 0x80) !== 0) at += (payload[at] ?? 0) >= 0x80 ? 2 : 1;
  if ((first & 0x20) !== 0) at += flexible ? 1 : 2;
  if (flexible && inter) {
    for (let more = true, count = 0; more && count < 3; count += 1, at += 1)
      more = ((payload[at] ?? 0) & 0x01) !== 0;
  }
  const opens = (first & 0x08) !== 0;
  if ((first & 0x02) === 0) return { start: at, opens, size: null };
  return { opens, ...readStructure(payload, at) };
}

/** §4.2.1: sizes of the layers, and how their pictures hang together. */
function readStructure(payload: Buffer, from: number): Pick<Vp9Descriptor, 'start' | 'size'> {
  const head = payload[from] ?? 0;
  let at = from + 1;
  let size: Vp9Descriptor['size'] = null;
  if ((head & 0x10) !== 0) {
    at += 4 * ((head >> 5) + 1);
    if (at <= payload.length)
      size = { width: payload.readUInt16BE(at - 4), height: payload.readUInt16BE(at - 2) };
  }
  if ((head & 0x08) !== 0) {
    const groups = payload[at] ?? 0;
    at += 1;
    for (let group = 0; group < groups; group += 1) at += 1 + (((payload[at] ?? 0) >> 2) & 0x03);
  }
  return { start: at, size };
}
