import { readFrameSize } from '../../rtc/rtp/frame-size.ts';
import type { PictureAssembly } from './frame.ts';

/** vpcC: profile, level (unknown), 8 bits 4:2:0, colours unspecified, no initialization data. */
const CONFIGURATION = Buffer.from([0, 0, 0x80, 2, 2, 2, 0, 0]);

/** RFC 7741: the descriptor is taken off, the rest is the picture. */
export class Vp8Pictures {
  begin(): PictureAssembly {
    return new Vp8Assembly();
  }
}

class Vp8Assembly implements PictureAssembly {
  readonly #parts: Buffer[] = [];

  add(payload: Buffer): boolean {
    const start = descriptorBytes(payload);
    if (start >= payload.length) return false;
    const opens = ((payload[0] ?? 0) & 0x17) === 0x10;
    if (this.#parts.length === 0 && !opens) return false;
    this.#parts.push(payload.subarray(start));
    return true;
  }

  finish(): ReturnType<PictureAssembly['finish']> {
    const data = Buffer.concat(this.#parts);
    if (data.length === 0) return null;
    if ((data.readUInt8(0) & 0x01) !== 0) return { data, picture: null };
    const size = readFrameSize('VP8', data, 0, data.length);
    const isNone = size === null || size.width === 0 || size.height === 0;
    return isNone ? null : { data, picture: { ...size, configuration: CONFIGURATION } };
  }
}

/** §4.2. */
function descriptorBytes(payload: Buffer): number {
  const first = payload[0] ?? 0;
  if ((first & 0x80) === 0) return 1;
  const extra = payload[1] ?? 0;
  let at = 2;
  if ((extra & 0x80) !== 0) at += (payload[at] ?? 0) >= 0x80 ? 2 : 1;
  if ((extra & 0x40) !== 0) at += 1;
  if ((extra & 0x30) !== 0) at += 1;
  return at;
}
