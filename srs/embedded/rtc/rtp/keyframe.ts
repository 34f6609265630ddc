import type { Codec } from '../codec.ts';

const IDR = 5;
const SPS = 7;
const STAP_A = 24;
const FU_A = 28;

const startsH264 = (packet: Buffer, start: number, end: number): boolean => {
  const type = packet.readUInt8(start) & 0x1f;
  if (type === IDR || type === SPS) return true;
  if (type === FU_A) {
    if (end - start < 2) return false;
    const header = packet.readUInt8(start + 1);
    return (header & 0x80) !== 0 && (header & 0x1f) === IDR;
  }
  if (type !== STAP_A) return false;
  for (let at = start + 1; at + 2 < end; at += 2 + packet.readUInt16BE(at)) {
    const inner = packet.readUInt8(at + 2) & 0x1f;
    if (inner === IDR || inner === SPS) return true;
  }
  return false;
};

/** RFC 7741 §4.2: start of partition 0 (S=1, PID=0) whose frame header says P=0. */
const startsVp8 = (packet: Buffer, start: number, end: number): boolean => {
  const first = packet.readUInt8(start);
  if ((first & 0x10) === 0 || (first & 0x07) !== 0) return false;
  let at = start + 1;
  if ((first & 0x80) !== 0 && at < end) {
    const extra = packet.readUInt8(at);
    at += 1;
    if ((extra & 0x80) !== 0 && at < end) at += packet.readUInt8(at) >= 0x80 ? 2 : 1;
    if ((extra & 0x40) !== 0) at += 1;
    if ((extra & 0x30) !== 0) at += 1;
  }
  return at < end && (packet.readUInt8(at) & 0x01) === 0;
};

/** RFC 9628 §4.2: a picture without inter prediction (P=0), first packet (B=1), lowest layer. */
const startsVp9 = (packet: Buffer, start: number, end: number): boolean => {
  const first = packet.readUInt8(start);
  if ((first & 0x40) !== 0 || (first & 0x08) === 0) return false;
  if ((first & 0x20) === 0) return true;
  let at = start + 1;
  if ((first & 0x80) !== 0 && at < end) at += packet.readUInt8(at) >= 0x80 ? 2 : 1;
  return at < end && (packet.readUInt8(at) & 0x0e) === 0;
};

/** Whether the payload in `start..end` is the first packet of a frame that needs no other. */
export const startsKeyframe = (
  codec: Codec,
  packet: Buffer,
  start: number,
  end: number,
): boolean => {
  if (start >= end) return false;
  switch (codec) {
    case 'H264':
      return startsH264(packet, start, end);
    case 'VP8':
      return startsVp8(packet, start, end);
    case 'VP9':
      return startsVp9(packet, start, end);
    case 'AV1':
      // AV1 RTP 1.0 §4.4: N marks the first packet of a coded video sequence.
      return (packet.readUInt8(start) & 0x08) !== 0;
    case 'Opus':
      return false;
    default:
      return codec satisfies never;
  }
};
