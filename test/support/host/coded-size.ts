/** Size that a coded frame announces, H.264 by its SPS and VP8 by its key frame header; null: none. */
export function codedSize(frame: Buffer, codec: 'H264' | 'VP8'): string | null {
  return codec === 'VP8' ? sizeOfVp8(frame) : sizeOfH264(frame);
}

/** RFC 6386 §9.1. */
function sizeOfVp8(frame: Buffer): string | null {
  if (((frame[0] ?? 1) & 1) === 1) return null;
  return `${frame.readUInt16LE(6) & 0x3fff}x${frame.readUInt16LE(8) & 0x3fff}`;
}

function sizeOfH264(frame: Buffer): string | null {
  const at = frame.indexOf(Buffer.from([0, 0, 1, 0x67]));
  return at < 0 ? null : readSps(frame.subarray(at + 4));
}

/** ITU-T H.264 §7.3.2.1.1, of the baseline profile. */
function readSps(escaped: Buffer): string {
  const sps = Buffer.from(escaped.toString('latin1').replaceAll('\0\0\u0003', '\0\0'), 'latin1');
  let bit = 24;
  const take = (): number => {
    const value = ((sps[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1;
    bit += 1;
    return value;
  };
  const golomb = (): number => {
    let zeros = 0;
    while (take() === 0) zeros += 1;
    let value = 1;
    for (let n = 0; n < zeros; n += 1) value = 2 * value + take();
    return value - 1;
  };
  golomb();
  golomb();
  const order = golomb();
  if (order === 0) golomb();
  if (order === 1) throw new Error('a picture order that no encoder here has');
  golomb();
  take();
  const width = 16 * (golomb() + 1);
  const height = 16 * (golomb() + 1);
  take();
  take();
  if (take() === 0) return `${width}x${height}`;
  const [left, right, top, bottom] = [golomb(), golomb(), golomb(), golomb()];
  return `${width - 2 * (left + right)}x${height - 2 * (top + bottom)}`;
}
