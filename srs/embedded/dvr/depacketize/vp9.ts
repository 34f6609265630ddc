import { BitReader } from '../../rtc/rtp/bit-reader.ts';
import type { KeyPicture, PictureAssembly } from './frame.ts';
import { readDescriptor, type Vp9Descriptor } from './vp9-descriptor.ts';

const SYNC_CODE = 0x498342;
const RGB = 7;

/** VP9 Annex B: an index tells frames of one picture apart, of which the last is shown. */
const MOST_FRAMES = 8;

/** RFC 9628: descriptors are taken off; a picture's spatial layers become one superframe. */
export class Vp9Pictures {
  begin(): PictureAssembly {
    return new Vp9Assembly();
  }
}

class Vp9Assembly implements PictureAssembly {
  readonly #frames: Buffer[][] = [];
  #size: Vp9Descriptor['size'] = null;

  add(payload: Buffer): boolean {
    const { start, opens, size } = readDescriptor(payload);
    if (start >= payload.length) return false;
    if (opens) this.#frames.push([]);
    this.#size ??= size;
    this.#frames.at(-1)?.push(payload.subarray(start));
    return this.#frames.length > 0 && this.#frames.length <= MOST_FRAMES;
  }

  finish(): ReturnType<PictureAssembly['finish']> {
    const frames = this.#frames.map((parts) => Buffer.concat(parts));
    const [first] = frames;
    if (first === undefined) return null;
    const data = frames.length === 1 ? first : superframe(frames);
    const key = isKey(first) ? readKey(first) : null;
    if (key === null) return isKey(first) ? null : { data, picture: null };
    return { data, picture: { ...key, ...this.#size } };
  }
}

function superframe(frames: readonly Buffer[]): Buffer {
  const bytes = 4;
  const index = Buffer.alloc(
    2 + frames.length * bytes,
    0xc0 | ((bytes - 1) << 3) | (frames.length - 1),
  );
  frames.forEach(({ length }, number) => index.writeUInt32LE(length, 1 + number * bytes));
  return Buffer.concat([...frames, index]);
}

/** VP9 bitstream §6.2: frame marker, profile, show existing, frame type. */
function isKey(data: Buffer): boolean {
  const bits = new BitReader(data);
  bits.read(2);
  if (profileIn(bits) === 3) bits.read(1);
  return bits.read(1) === 0 && bits.read(1) === 0;
}

function profileIn(bits: BitReader): number {
  const low = bits.read(1);
  return low + 2 * bits.read(1);
}

function readKey(data: Buffer): KeyPicture | null {
  const bits = new BitReader(data);
  bits.read(2);
  const profile = profileIn(bits);
  if (profile === 3) bits.read(1);
  bits.read(4);
  if (bits.read(24) !== SYNC_CODE) return null;
  const depth = profile >= 2 ? 10 + 2 * bits.read(1) : 8;
  const space = bits.read(3);
  if (space === RGB) return null;
  const fullRange = bits.read(1);
  let chroma = 1;
  if (profile === 1 || profile === 3) {
    chroma = bits.read(1) === 1 ? 2 : 3;
    bits.read(2);
  }
  const width = bits.read(16) + 1;
  const height = bits.read(16) + 1;
  const configuration = Buffer.from([
    profile,
    10,
    (depth << 4) | (chroma << 1) | fullRange,
    2,
    2,
    2,
    0,
    0,
  ]);
  return { width, height, configuration };
}
