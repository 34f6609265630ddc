import type { FileHandle } from 'node:fs/promises';

const HEADER_BYTES = 16;

/**
 * How much of a fragmented MP4 is whole: up to the end of the last media that was written to its
 * end (ISO/IEC 14496-12 §4.2). 0 when there is none.
 */
export async function wholeBytes(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat();
  const header = Buffer.alloc(HEADER_BYTES);
  let whole = 0;
  for (let at = 0; at + 8 <= size;) {
    await handle.read(header, 0, HEADER_BYTES, at);
    const short = header.readUInt32BE(0);
    const length = short === 1 ? Number(header.readBigUInt64BE(8)) : short;
    if (length < 8 || at + length > size) break;
    at += length;
    if (header.toString('latin1', 4, 8) === 'mdat') whole = at;
  }
  return whole;
}
