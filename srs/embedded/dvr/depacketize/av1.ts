import { pictureOf } from './av1-sequence.ts';
import type { PictureAssembly } from './frame.ts';

const SEQUENCE_HEADER = 1;
const TEMPORAL_DELIMITER = 2;
const FRAME_HEADER = 3;
const FRAME = 6;
const TILE_LIST = 8;
const PADDING = 15;
const LEFT_OUT: ReadonlySet<number> = new Set([TEMPORAL_DELIMITER, TILE_LIST, PADDING]);

/** RTP Payload Format for AV1: open bitstream units from aggregated and split elements. */
export class Av1Pictures {
  /** Of the last key frame, with its size. */
  #sequence: Buffer | null = null;

  begin(): PictureAssembly {
    return new Av1Assembly((units) => this.#complete(units));
  }

  /** Key frames carry their sequence header, so that a picture may change its size. */
  #complete(units: readonly Unit[]): ReturnType<PictureAssembly['finish']> {
    const kept = units.filter(({ type }) => !LEFT_OUT.has(type));
    const header = kept.findLast(({ type }) => type === SEQUENCE_HEADER);
    if (header !== undefined) this.#sequence = Buffer.from(header.bytes);
    const frame = kept.find(({ type }) => type === FRAME || type === FRAME_HEADER);
    if (frame === undefined) return { data: Buffer.alloc(0), picture: null };
    const data = kept.map(({ bytes }) => bytes);
    if (!isKey(frame)) return { data: Buffer.concat(data), picture: null };
    const sequence = this.#sequence;
    const start = sequence === null ? null : readUnit(sequence)?.start;
    const picture = sequence === null || start == null ? null : pictureOf(sequence, start);
    if (sequence === null || picture === null) return null;
    return { data: Buffer.concat(header === undefined ? [sequence, ...data] : data), picture };
  }
}

/** An OBU with its size; `start` is where its own bytes begin. */
interface Unit {
  readonly type: number;
  readonly bytes: Buffer;
  readonly start: number;
}

type Complete = (units: readonly Unit[]) => ReturnType<PictureAssembly['finish']>;

class Av1Assembly implements PictureAssembly {
  readonly #complete: Complete;
  readonly #units: Unit[] = [];
  #open: Buffer[] | null = null;

  constructor(complete: Complete) {
    this.#complete = complete;
  }

  /** §4.3, §4.4: Z, Y, W, N, then elements behind their sizes; the last of W has none. */
  add(payload: Buffer): boolean {
    const header = payload[0] ?? 0;
    const [continues, goesOn] = [(header & 0x80) !== 0, (header & 0x40) !== 0];
    const count = (header >> 4) & 0x03;
    if (continues !== (this.#open !== null)) return false;
    let read = 0;
    for (let at = 1; at < payload.length; read += 1) {
      const isLast = count !== 0 && read === count - 1;
      const size = isLast ? { value: payload.length - at, end: at } : readSize(payload, at);
      if (size === null || size.end + size.value > payload.length) return false;
      at = size.end + size.value;
      this.#open ??= [];
      this.#open.push(payload.subarray(size.end, at));
      if (at === payload.length && goesOn) continue;
      if (!this.#close()) return false;
    }
    return read > 0 && (count === 0 || read === count);
  }

  finish(): ReturnType<PictureAssembly['finish']> {
    return this.#open === null ? this.#complete(this.#units) : null;
  }

  #close(): boolean {
    const unit = sized(Buffer.concat(this.#open ?? []));
    this.#open = null;
    if (unit === null) return false;
    this.#units.push(unit);
    return true;
  }
}

/** AV1 §5.3: an OBU as it came, made one with its size; null when it contradicts itself. */
function sized(bytes: Buffer): Unit | null {
  const read = readUnit(bytes);
  if (read === null || read.end > bytes.length) return null;
  const { type, end, start } = read;
  if (read.hasSize) return { type, start, bytes: bytes.subarray(0, end) };
  const head = Buffer.concat([bytes.subarray(0, start), writeSize(bytes.length - start)]);
  head.writeUInt8(head.readUInt8(0) | 0x02, 0);
  return { type, start: head.length, bytes: Buffer.concat([head, bytes.subarray(start)]) };
}

function readUnit(
  bytes: Buffer,
): { type: number; hasSize: boolean; start: number; end: number } | null {
  const first = bytes[0] ?? 0x80;
  if ((first & 0x80) !== 0) return null;
  const type = (first >> 3) & 0x0f;
  const start = (first & 0x04) === 0 ? 1 : 2;
  if (start > bytes.length) return null;
  if ((first & 0x02) === 0) return { type, hasSize: false, start, end: bytes.length };
  const size = readSize(bytes, start);
  return size && { type, hasSize: true, start: size.end, end: size.end + size.value };
}

/** §5.9.2: not one that is shown again, and of type KEY_FRAME. */
const isKey = ({ bytes, start }: Unit): boolean => ((bytes[start] ?? 0xff) & 0xe0) === 0;

/** §4.10.5: leb128, here of at most 32 bits. */
function readSize(bytes: Buffer, start: number): { value: number; end: number } | null {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if ((byte & 0x80) === 0) return { value, end: start + index + 1 };
  }
  return null;
}

function writeSize(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  do {
    const more = left >= 0x80;
    bytes.push((left & 0x7f) | (more ? 0x80 : 0));
    left = Math.floor(left / 0x80);
  } while (left > 0);
  return Buffer.from(bytes);
}
