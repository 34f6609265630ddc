/** One RTCP message that the engine acts on; everything else in a compound is skipped. */
export type RtcpMessage =
  | { readonly type: 'sender-report'; readonly ssrc: number; readonly ntpMs: number }
  | { readonly type: 'nack'; readonly ssrc: number; readonly sequences: readonly number[] }
  | { readonly type: 'pli'; readonly ssrc: number }
  | { readonly type: 'fir'; readonly ssrc: number }
  /** What the receiver takes its path to bear (REMB). */
  | { readonly type: 'estimate'; readonly bps: number }
  | ReceptionReport;

/** A block of a receiver report; the times are in 1/65536 s, 0 before the first sender report. */
export interface ReceptionReport {
  readonly type: 'reception';
  readonly ssrc: number;
  /** In 1/256. */
  readonly fractionLost: number;
  readonly lastReport: number;
  readonly sinceLastReport: number;
}

/** An SR also maps its NTP instant to an RTP timestamp and names its middle bits for LSR. */
export type SenderReport = Extract<RtcpMessage, { type: 'sender-report' }> & {
  readonly rtp: number;
  readonly compactNtp: number;
};

const SR = 200;
const RR = 201;
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

/** draft-alvestrand-rmcat-remb-03 §2.2: 6 bits of exponent, 18 of mantissa. */
const readRemb = (packet: Buffer, start: number, end: number): Item | null => {
  if (end - start < 20 || packet.toString('latin1', start + 12, start + 16) !== 'REMB') return null;
  const rate = packet.readUInt32BE(start + 16) & 0xffffff;
  return { type: 'estimate', bps: (rate & 0x3ffff) * 2 ** (rate >> 18) };
};

const readReception = (packet: Buffer, start: number, end: number): Item[] => {
  const blocks: Item[] = [];
  const count = packet.readUInt8(start) & 0x1f;
  for (let index = 0, at = start + 8; index < count && at + 24 <= end; index += 1, at += 24) {
    blocks.push({
      type: 'reception',
      ssrc: packet.readUInt32BE(at),
      fractionLost: packet.readUInt8(at + 4),
      lastReport: packet.readUInt32BE(at + 16),
      sinceLastReport: packet.readUInt32BE(at + 20),
    });
  }
  return blocks;
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
  if (format === 15) return readRemb(packet, start, end);
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
    if (packet.readUInt8(start + 1) === RR) items.push(...readReception(packet, start, end));
    const item = readOne(packet, start, end);
    if (item !== null) items.push(item);
    start = end;
  }
  return items;
};
