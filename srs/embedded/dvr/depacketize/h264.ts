import type { PictureAssembly } from './frame.ts';
import { pictureOf } from './h264-parameters.ts';

const IDR = 5;
const SPS = 7;
const PPS = 8;
const DELIMITER = 9;
const FILLER = 12;
const STAP_A = 24;
const FU_A = 28;

/** RFC 6184: network abstraction units from single packets, STAP-A and FU-A. */
export class H264Pictures {
  #sps: Buffer | null = null;
  #pps: Buffer | null = null;

  begin(): PictureAssembly {
    return new H264Assembly((units) => this.#complete(units));
  }

  /**
   * Key frames carry their parameter sets (`avc3`), so that a picture may change its size; they
   * are put before those whose encoder sent them only once.
   */
  #complete(units: readonly Buffer[]): ReturnType<PictureAssembly['finish']> {
    let carried = false;
    for (const unit of units) {
      if (typeOf(unit) === SPS) this.#sps = Buffer.from(unit);
      if (typeOf(unit) === PPS) this.#pps = Buffer.from(unit);
      carried ||= typeOf(unit) === SPS;
    }
    const kept = units.filter((unit) => typeOf(unit) !== DELIMITER && typeOf(unit) !== FILLER);
    // Parameter sets by themselves.
    if (!kept.some((unit) => typeOf(unit) <= IDR)) return { data: Buffer.alloc(0), picture: null };
    if (!kept.some((unit) => typeOf(unit) === IDR)) return { data: join(kept), picture: null };
    if (this.#sps === null || this.#pps === null) return null;
    const picture = pictureOf(this.#sps, this.#pps);
    if (picture === null) return null;
    const whole = carried ? kept : [this.#sps, this.#pps, ...kept];
    return { data: join(whole), picture };
  }
}

type Complete = (units: readonly Buffer[]) => ReturnType<PictureAssembly['finish']>;

class H264Assembly implements PictureAssembly {
  readonly #complete: Complete;
  readonly #units: Buffer[] = [];
  #fragments: Buffer[] | null = null;

  constructor(complete: Complete) {
    this.#complete = complete;
  }

  add(payload: Buffer): boolean {
    const type = typeOf(payload);
    if (type === FU_A) return this.#addFragment(payload);
    if (this.#fragments !== null) return false;
    if (type === STAP_A) return this.#addAggregate(payload);
    if (type === 0 || type > STAP_A) return false;
    this.#units.push(payload);
    return true;
  }

  finish(): ReturnType<PictureAssembly['finish']> {
    return this.#fragments === null ? this.#complete(this.#units) : null;
  }

  #addAggregate(payload: Buffer): boolean {
    for (let at = 1; at < payload.length;) {
      if (at + 2 > payload.length) return false;
      const end = at + 2 + payload.readUInt16BE(at);
      if (end > payload.length || end === at + 2) return false;
      this.#units.push(payload.subarray(at + 2, end));
      at = end;
    }
    return true;
  }

  #addFragment(payload: Buffer): boolean {
    if (payload.length < 3) return false;
    const header = payload.readUInt8(1);
    const starts = (header & 0x80) !== 0;
    if (starts !== (this.#fragments === null)) return false;
    this.#fragments ??= [Buffer.from([(payload.readUInt8(0) & 0xe0) | (header & 0x1f)])];
    this.#fragments.push(payload.subarray(2));
    if ((header & 0x40) === 0) return true;
    this.#units.push(Buffer.concat(this.#fragments));
    this.#fragments = null;
    return true;
  }
}

const typeOf = (unit: Buffer): number => (unit[0] ?? 0) & 0x1f;

/** Each unit behind its length in four bytes. */
function join(units: readonly Buffer[]): Buffer {
  return Buffer.concat(
    units.flatMap((unit) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(unit.length);
      return [length, unit];
    }),
  );
}
