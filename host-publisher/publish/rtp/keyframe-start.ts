import { payloadBytesOf } from './rtp-packet.ts';

const IDR = 5;
const SPS = 7;
const STAP_A = 24;
const FU_A = 28;

/** Whether a payloader's packet is the first one of a picture that needs none before it. */
export function startsKeyframe(codec: 'H264' | 'VP8', packet: Buffer): boolean {
  const payload = packet.subarray(packet.length - payloadBytesOf(packet));
  if (payload.length === 0) return false;
  return codec === 'H264' ? startsH264(payload) : startsVp8(payload);
}

/** RFC 6184 §5.4: parameter sets stand before each key frame. */
function startsH264(payload: Buffer): boolean {
  const type = payload.readUInt8(0) & 0x1f;
  if (type === FU_A) {
    const header = payload.length < 2 ? 0 : payload.readUInt8(1);
    return (header & 0x80) !== 0 && (header & 0x1f) === IDR;
  }
  if (type !== STAP_A) return type === IDR || type === SPS;
  for (let at = 1; at + 2 < payload.length; at += 2 + payload.readUInt16BE(at)) {
    const inner = payload.readUInt8(at + 2) & 0x1f;
    if (inner === IDR || inner === SPS) return true;
  }
  return false;
}

/** RFC 7741 §4.2: the start of partition 0, whose frame header has no P bit. */
function startsVp8(payload: Buffer): boolean {
  const first = payload.readUInt8(0);
  if ((first & 0x17) !== 0x10) return false;
  let at = 1;
  if ((first & 0x80) !== 0 && at < payload.length) {
    const extra = payload.readUInt8(at);
    at += 1;
    if ((extra & 0x80) !== 0 && at < payload.length) at += payload.readUInt8(at) >= 0x80 ? 2 : 1;
    if ((extra & 0x40) !== 0) at += 1;
    if ((extra & 0x30) !== 0) at += 1;
  }
  return at < payload.length && (payload.readUInt8(at) & 1) === 0;
}
