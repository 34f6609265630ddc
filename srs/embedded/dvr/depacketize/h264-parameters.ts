import { BitReader } from '../../rtc/rtp/bit-reader.ts';
import { readFrameSize } from '../../rtc/rtp/frame-size.ts';
import type { KeyPicture } from './frame.ts';

const HIGH_PROFILES: ReadonlySet<number> = new Set([100, 110, 122, 144]);

/** What the last parameter sets say; null while they are incomplete or cannot be read. */
export function pictureOf(sps: Buffer, pps: Buffer): KeyPicture | null {
  const size = readFrameSize('H264', sps, 0, sps.length);
  if (size === null || sps.length < 4) return null;
  return { ...size, configuration: decoderConfiguration(sps, pps) };
}

/** ISO/IEC 14496-15 §5.3.3.1: an AVCDecoderConfigurationRecord with lengths of four bytes. */
function decoderConfiguration(sps: Buffer, pps: Buffer): Buffer {
  const profile = sps.readUInt8(1);
  return Buffer.concat([
    Buffer.from([1, profile, sps.readUInt8(2), sps.readUInt8(3), 0xff, 0xe1]),
    lengthOf(sps),
    sps,
    Buffer.from([1]),
    lengthOf(pps),
    pps,
    HIGH_PROFILES.has(profile) ? chromaOf(sps) : Buffer.alloc(0),
  ]);
}

function lengthOf(unit: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(unit.length);
  return length;
}

/** The members that high profiles add: chroma format and bit depths, no SPS extensions. */
function chromaOf(sps: Buffer): Buffer {
  const bits = new BitReader(sps.subarray(4));
  bits.readUnsigned();
  const chroma = bits.readUnsigned();
  if (chroma === 3) bits.read(1);
  const [luma, second] = [bits.readUnsigned(), bits.readUnsigned()];
  return Buffer.from([0xfc | chroma, 0xf8 | luma, 0xf8 | second, 0]);
}
