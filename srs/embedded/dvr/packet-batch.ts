/** A packet of a publication on its way to the recorder, without its RTP header. */
export interface TakenPacket {
  /** 0: audio; from 1 on the layers of the video. */
  readonly track: number;
  /** Unwrapped. */
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  /** Epoch milliseconds of its arrival. */
  readonly atMs: number;
  readonly payload: Buffer;
}

const HEADER_BYTES = 24;
const MARKER = 0x80;

/** Packets of one publication, copied into one buffer for one message. */
export class PacketBatch {
  #parts: Buffer[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  add({ track, sequence, timestamp, marker, atMs, payload }: TakenPacket): void {
    const header = Buffer.allocUnsafe(HEADER_BYTES);
    header.writeUInt8((marker ? MARKER : 0) | track, 0);
    header.writeUIntBE(payload.length, 1, 3);
    header.writeDoubleBE(atMs, 4);
    header.writeUInt32BE(timestamp, 12);
    header.writeDoubleBE(sequence, 16);
    this.#parts.push(header, payload);
    this.#bytes += HEADER_BYTES + payload.length;
  }

  /** All that was added since the last call; null when nothing was. */
  take(): Buffer | null {
    if (this.#bytes === 0) return null;
    const batch = Buffer.concat(this.#parts, this.#bytes);
    this.#parts = [];
    this.#bytes = 0;
    return batch;
  }
}

/** The packets in a batch. */
export function* readBatch(batch: Buffer): Generator<TakenPacket> {
  for (let at = 0; at + HEADER_BYTES <= batch.length;) {
    const first = batch.readUInt8(at);
    const end = at + HEADER_BYTES + batch.readUIntBE(at + 1, 3);
    yield {
      track: first & ~MARKER,
      marker: (first & MARKER) !== 0,
      atMs: batch.readDoubleBE(at + 4),
      timestamp: batch.readUInt32BE(at + 12),
      sequence: batch.readDoubleBE(at + 16),
      payload: batch.subarray(at + HEADER_BYTES, end),
    };
    at = end;
  }
}
