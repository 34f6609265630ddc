import { spsSize } from './sps-size.ts';

/** An AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1), and what is made of it. */
export class AvcConfiguration {
  readonly record: Buffer;
  /** Its parameter sets, as they stand before a key frame: each behind a length of four bytes. */
  readonly inBand: Buffer;

  /** @throws RangeError when it is cut short. */
  constructor(record: Buffer) {
    this.record = Buffer.from(record);
    const units: Buffer[] = [];
    let at = 5;
    for (const mask of [0x1f, 0xff]) {
      const count = record.readUInt8(at) & mask;
      at += 1;
      for (let index = 0; index < count; index += 1) {
        const length = record.readUInt16BE(at);
        const prefix = Buffer.alloc(4);
        prefix.writeUInt32BE(length);
        units.push(prefix, record.subarray(at + 2, at + 2 + length));
        at += 2 + length;
      }
    }
    this.inBand = Buffer.concat(units);
  }

  /** Of the pictures. @throws RangeError when its sequence parameter set does not tell. */
  get size(): { readonly width: number; readonly height: number } {
    const length = this.inBand.length < 4 ? 0 : this.inBand.readUInt32BE(0);
    const size = spsSize(this.inBand.subarray(4, 4 + length));
    if (size === null) throw new RangeError('the parameter sets tell no picture size');
    return size;
  }

  /** RFC 6381, for a sample entry whose parameter sets come with the pictures. */
  get codec(): string {
    return `avc3.${this.record.subarray(1, 4).toString('hex')}`;
  }
}
