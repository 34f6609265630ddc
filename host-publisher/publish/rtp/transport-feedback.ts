/** Which packets arrived and when, by transport-wide sequence number. */
export interface TransportFeedback {
  readonly type: 'transport';
  readonly packets: readonly {
    readonly sequence: number;
    /** Milliseconds of the receiver's clock; null: not arrived. */
    readonly arrivedMs: number | null;
  }[];
}

const REFERENCE_MS = 64;
const TICKS_PER_MS = 4;
const SMALL_DELTA = 1;
const LARGE_DELTA = 2;

/** Reads RTCP 205/15 (draft-holmer-rmcat-transport-wide-cc-extensions-01); null when it is cut off. */
export function readTransportFeedback(message: Buffer): TransportFeedback | null {
  if (message.length < 20) return null;
  const base = message.readUInt16BE(12);
  const count = message.readUInt16BE(14);
  const chunks = readStatuses(message, count);
  if (chunks === null) return null;
  let at = chunks.end;
  let ticks = message.readIntBE(16, 3) * REFERENCE_MS * TICKS_PER_MS;
  const packets: { sequence: number; arrivedMs: number | null }[] = [];
  for (const [index, status] of chunks.statuses.entries()) {
    const bytes = status === SMALL_DELTA ? 1 : status === LARGE_DELTA ? 2 : 0;
    if (at + bytes > message.length) return null;
    if (bytes === 1) ticks += message.readUInt8(at);
    if (bytes === 2) ticks += message.readInt16BE(at);
    at += bytes;
    const arrivedMs = bytes === 0 ? null : ticks / TICKS_PER_MS;
    packets.push({ sequence: (base + index) & 0xffff, arrivedMs });
  }
  return { type: 'transport', packets };
}

function readStatuses(message: Buffer, count: number) {
  const statuses: number[] = [];
  let at = 20;
  while (statuses.length < count) {
    if (at + 2 > message.length) return null;
    const chunk = message.readUInt16BE(at);
    at += 2;
    const isRun = chunk >> 15 === 0;
    if (isRun) {
      const length = Math.min(chunk & 0x1fff, count - statuses.length);
      if (length === 0) return null;
      for (let n = 0; n < length; n += 1) statuses.push((chunk >> 13) & 3);
      continue;
    }
    const bits = (chunk & 0x4000) === 0 ? 1 : 2;
    for (let shift = 14 - bits; shift >= 0 && statuses.length < count; shift -= bits) {
      statuses.push((chunk >> shift) & (bits === 1 ? 1 : 3));
    }
  }
  return { statuses, end: at };
}
