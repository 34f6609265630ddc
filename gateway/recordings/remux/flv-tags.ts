import type { FileHandle } from 'node:fs/promises';

/** One FLV tag (Adobe FLV 10.1, E.4.1); `body` is valid until the next one. */
export interface FlvTag {
  readonly type: number;
  readonly ms: number;
  readonly body: Buffer;
}

export const FLV_AUDIO = 8;
export const FLV_VIDEO = 9;
const CHUNK_BYTES = 1024 * 1024;
const TAG_HEADER_BYTES = 11;
const PREVIOUS_SIZE_BYTES = 4;
const MOST_TAG_BYTES = 32 * 1024 * 1024;

/** The whole tags of a file; what follows the last of them was not written to its end. */
export async function* flvTags(handle: FileHandle): AsyncGenerator<FlvTag> {
  const reader = new ChunkReader(handle);
  const header = await reader.read(9);
  if (header?.toString('latin1', 0, 3) !== 'FLV') return;
  await reader.read(header.readUInt32BE(5) - 9 + PREVIOUS_SIZE_BYTES);
  for (;;) {
    const head = await reader.read(TAG_HEADER_BYTES);
    if (head === null) return;
    const type = head.readUInt8(0) & 0x1f;
    const length = head.readUIntBE(1, 3);
    const ms = head.readUIntBE(4, 3) + head.readUInt8(7) * 0x1000000;
    if (length > MOST_TAG_BYTES) return;
    const body = await reader.read(length + PREVIOUS_SIZE_BYTES);
    if (body === null) return;
    yield { type, ms, body: body.subarray(0, length) };
  }
}

class ChunkReader {
  readonly #handle: FileHandle;
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** The next `length` bytes; null when there are not so many. */
  async read(length: number): Promise<Buffer | null> {
    while (this.#buffer.length < length) {
      const chunk = Buffer.alloc(Math.max(CHUNK_BYTES, length));
      const { bytesRead } = await this.#handle.read(chunk, 0, chunk.length, this.#at);
      if (bytesRead === 0) return null;
      this.#at += bytesRead;
      this.#buffer = Buffer.concat([this.#buffer, chunk.subarray(0, bytesRead)]);
    }
    const taken = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(length);
    return taken;
  }
}
