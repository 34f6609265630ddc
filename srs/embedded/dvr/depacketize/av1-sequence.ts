import { BitReader } from '../../rtc/rtp/bit-reader.ts';
import type { KeyPicture } from './frame.ts';

const SRGB = [1, 13, 0];

/**
 * What a sequence header OBU (AV1 §5.5) says; `unit` is the whole OBU with its size, `at` where its
 * own bytes begin. Null when it is cut short.
 */
export function pictureOf(unit: Buffer, at: number): KeyPicture | null {
  const bits = new BitReader(unit.subarray(at));
  const profile = bits.read(3);
  bits.read(1);
  const reduced = bits.read(1) === 1;
  const { level, tier } = reduced ? { level: bits.read(5), tier: 0 } : readOperation(bits);
  const [across, down] = [bits.read(4) + 1, bits.read(4) + 1];
  const [width, height] = [bits.read(across) + 1, bits.read(down) + 1];
  if (!reduced && bits.read(1) === 1) bits.read(7);
  bits.read(3);
  if (!reduced) skipTools(bits);
  bits.read(3);
  const colour = readColour(bits, profile);
  if (bits.exhausted || profile > 2) return null;
  const fields = Buffer.from([0x81, (profile << 5) | level, (tier << 7) | colour, 0]);
  return { width, height, configuration: Buffer.concat([fields, unit]) };
}

/** The level of the first operating point (§5.5.1). */
function readOperation(bits: BitReader): { level: number; tier: number } {
  let delayBits = 0;
  if (bits.read(1) === 1) {
    skip(bits, 64);
    if (bits.read(1) === 1) bits.readUnsigned();
    if (bits.read(1) === 1) {
      delayBits = bits.read(5) + 1;
      skip(bits, 42);
    }
  }
  const delays = bits.read(1) === 1;
  const points = bits.read(5) + 1;
  let first: { level: number; tier: number } | null = null;
  for (let point = 0; point < points; point += 1) {
    bits.read(12);
    const level = bits.read(5);
    const tier = level > 7 ? bits.read(1) : 0;
    if (delayBits > 0 && bits.read(1) === 1) skip(bits, 2 * delayBits + 1);
    if (delays && bits.read(1) === 1) bits.read(4);
    first ??= { level, tier };
  }
  return first ?? { level: 0, tier: 0 };
}

function skipTools(bits: BitReader): void {
  bits.read(4);
  const ordered = bits.read(1) === 1;
  if (ordered) bits.read(2);
  const screenTools = bits.read(1) === 1 || bits.read(1) === 1;
  if (screenTools && bits.read(1) === 0) bits.read(1);
  if (ordered) bits.read(3);
}

/** §5.5.2, as the lower seven bits of an av1C's third byte. */
function readColour(bits: BitReader, profile: number): number {
  const high = bits.read(1);
  const twelve = profile === 2 && high === 1 ? bits.read(1) : 0;
  const mono = profile === 1 ? 0 : bits.read(1);
  const described = bits.read(1) === 1 ? [bits.read(8), bits.read(8), bits.read(8)] : [];
  const depth = (high << 6) | (twelve << 5);
  if (mono === 1) {
    bits.read(1);
    return depth | 0x10 | 0x0c;
  }
  if (SRGB.every((value, index) => value === described[index])) return depth;
  bits.read(1);
  const [x, y] = subsampling(bits, profile, twelve);
  const position = x === 1 && y === 1 ? bits.read(2) : 0;
  return depth | (x << 3) | (y << 2) | position;
}

function subsampling(bits: BitReader, profile: number, twelve: number): [number, number] {
  if (profile === 0) return [1, 1];
  if (profile === 1) return [0, 0];
  if (twelve === 0) return [1, 0];
  const across = bits.read(1);
  return [across, across === 1 ? bits.read(1) : 0];
}

function skip(bits: BitReader, count: number): void {
  for (let left = count; left > 0; left -= 16) bits.read(Math.min(16, left));
}
