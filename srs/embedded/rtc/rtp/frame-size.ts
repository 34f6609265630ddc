import type { Codec } from '../codec.ts';
import { BitReader } from './bit-reader.ts';

/** Width and height of a picture, in pixels. */
export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

const SPS = 7;
const STAP_A = 24;
const LONGEST_SPS = 128;

/** The picture size in the first packet of a key frame in `start..end`; null when it is not there. */
export const readFrameSize = (
  codec: Codec,
  packet: Buffer,
  start: number,
  end: number,
): FrameSize | null => {
  const payload = packet.subarray(start, end);
  if (codec === 'VP8') return readVp8(payload);
  return codec === 'H264' ? readH264(payload) : null;
};

/** RFC 6386 §9.1: behind the frame tag and the start code; both sizes have 14 bits. */
const readVp8 = (payload: Buffer): FrameSize | null => {
  const at = payload.indexOf(START_CODE);
  if (at < 0 || at > 12 || payload.length < at + 7) return null;
  return {
    width: payload.readUInt16LE(at + 3) & 0x3fff,
    height: payload.readUInt16LE(at + 5) & 0x3fff,
  };
};

const START_CODE = Buffer.from([0x9d, 0x01, 0x2a]);

const readH264 = (payload: Buffer): FrameSize | null => {
  const type = (payload[0] ?? 0) & 0x1f;
  if (type === SPS) return readSps(payload);
  if (type !== STAP_A) return null;
  for (let at = 1; at + 2 < payload.length;) {
    const length = payload.readUInt16BE(at);
    if (((payload[at + 2] ?? 0) & 0x1f) === SPS)
      return readSps(payload.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return null;
};

/** ITU-T H.264 §7.3.2.1.1. */
const readSps = (unit: Buffer): FrameSize | null => {
  const bits = new BitReader(withoutEmulation(unit.subarray(1, LONGEST_SPS)));
  const profile = bits.read(8);
  bits.read(16);
  bits.readUnsigned();
  let chroma = 1;
  if (HIGH_PROFILES.has(profile)) {
    chroma = bits.readUnsigned();
    if (chroma === 3) bits.read(1);
    bits.readUnsigned();
    bits.readUnsigned();
    bits.read(1);
    // Scaling lists: no encoder for the web writes them.
    if (bits.read(1) === 1) return null;
  }
  bits.readUnsigned();
  skipOrderCount(bits);
  bits.readUnsigned();
  bits.read(1);
  const width = (bits.readUnsigned() + 1) * 16;
  const mapUnits = bits.readUnsigned() + 1;
  const frames = bits.read(1);
  if (frames === 0) bits.read(1);
  bits.read(1);
  const crop = bits.read(1) === 1 ? [0, 1, 2, 3].map(() => bits.readUnsigned()) : [0, 0, 0, 0];
  if (bits.exhausted) return null;
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const across = chroma === 1 || chroma === 2 ? 2 : 1;
  const down = (chroma === 1 ? 2 : 1) * (2 - frames);
  const height = mapUnits * 16 * (2 - frames);
  const size = { width: width - across * (left + right), height: height - down * (top + bottom) };
  return size.width > 0 && size.height > 0 && size.width <= 16_384 && size.height <= 16_384
    ? size
    : null;
};

const HIGH_PROFILES: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128]);

const skipOrderCount = (bits: BitReader): void => {
  const type = bits.readUnsigned();
  if (type === 0) bits.readUnsigned();
  if (type !== 1) return;
  bits.read(1);
  bits.readUnsigned();
  bits.readUnsigned();
  for (let left = Math.min(bits.readUnsigned(), 255); left > 0; left -= 1) bits.readUnsigned();
};

/** §7.4.1.1: the 3 of 00 00 03 is not part of the data. */
const withoutEmulation = (unit: Buffer): Buffer =>
  Buffer.from(
    unit.filter((byte, at) => byte !== 3 || at < 2 || unit[at - 1] !== 0 || unit[at - 2] !== 0),
  );
