const [SPS, TYPE_BITS] = [7, 0x1f];

/**
 * The codec string (RFC 6381) of an H.264 key frame as Annex B, by its SPS; null where it has none.
 */
export function avcCodecOf(annexB: Uint8Array): string | null {
  for (let at = 0; at + 6 < annexB.length; at += 1) {
    // ISO/IEC 14496-10 Annex B.1: a start code of three bytes, whatever zero stands before it.
    if (annexB[at] !== 0 || annexB[at + 1] !== 0 || annexB[at + 2] !== 1) continue;
    if (((annexB[at + 3] ?? 0) & TYPE_BITS) !== SPS) continue;
    const profile = annexB.subarray(at + 4, at + 7);
    return `avc1.${[...profile].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  }
  return null;
}
