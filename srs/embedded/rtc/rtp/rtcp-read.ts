/** One RTCP message that the engine acts on; everything else in a compound is skipped. */
export type RtcpMessage =
  | { readonly type: 'sender-report'; readonly ssrc: number; readonly ntpMs: number }
  | { readonly type: 'nack'; readonly ssrc: number; readonly sequences: readonly number[] }
  | { readonly type: 'pli'; readonly ssrc: number }
  | { readonly type: 'fir'; readonly ssrc: number };

/** An SR also maps its NTP instant to an RTP timestamp and names its middle bits for LSR. */
export type SenderReport = Extract<RtcpMessage, { type: 'sender-report' }> & {
  readonly rtp: number;
  readonly compactNtp: number;
};

const SR = 200;
const RTPFB = 205;
const PSFB = 206;
/** RFC 4585 §6.2.1 sets no limit; 64 entries x 17 are more than a ring holds. */
const MAX_NACK_ENTRIES = 64;

type Item = Exclude<RtcpMessage, { type: 'sender-report' }> | SenderReport;

const readSenderReport = (packet: Buffer, start: number, end: number): SenderReport | null => {
  if (end - start < 28) return null;
  const seconds = packet.readUInt32BE(start + 8);
  const fraction = packet.readUInt32BE(start + 12);
  return {
    type: 'sender-report',
    ssrc: packet.readUInt32BE(start + 4),
    ntpMs: seconds * 1000 + (fraction * 1000) / 0x1_0000_0000,
    compactNtp: ((seconds & 0xffff) * 0x10000 + (fraction >>> 16)) >>> 0,
    rtp: packet.readUInt32BE(start + 16),
  };
};

const readNack = (packet: Buffer, start: number, end: number): Item => {
  const sequences: number[] = [];
  const last = Math.min(end, start + 12 + 4 * MAX_NACK_ENTRIES);
  for (let at = start + 12; at + 4 <= last; at += 4) {
    const first = packet.readUInt16BE(at);
    const mask = packet.readUInt16BE(at + 2);
    sequences.push(first);
    for (let bit = 0; bit < 16; bit += 1) {
      if ((mask & (1 << bit)) !== 0) sequences.push((first + bit + 1) & 0xffff);
    }
  }
  return { type: 'nack', ssrc: packet.readUInt32BE(start + 8), sequences };
};

const readOne = (packet: Buffer, start: number, end: number): Item | null => {
  const format = packet.readUInt8(start) & 0x1f;
  const type = packet.readUInt8(start + 1);
  if (type === SR) return readSenderReport(packet, start, end);
  if (end - start < 12) return null;
  if (type === RTPFB && format === 1) return readNack(packet, start, end);
  if (type !== PSFB) return null;
  if (format === 1) return { type: 'pli', ssrc: packet.readUInt32BE(start + 8) };
  // RFC 5104 §4.3.1.2: the target of a FIR is in its entry, not in the header.
  if (format === 4 && end - start >= 20) {
    return { type: 'fir', ssrc: packet.readUInt32BE(start + 12) };
  }
  return null;
};

/** The messages of a compound RTCP packet; stops silently where the lengths stop adding up. */
export const readRtcp = (packet: Buffer): readonly Item[] => {
  const items: Item[] = [];
  let start = 0;
  while (start + 4 <= packet.length) {
    if (packet.readUInt8(start) >> 6 !== 2) break;
    const end = start + 4 * (packet.readUInt16BE(start + 2) + 1);
    if (end > packet.length) break;
    const item = readOne(packet, start, end);
    if (item !== null) items.push(item);
    start = end;
  }
  return items;
};
