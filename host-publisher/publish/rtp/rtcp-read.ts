import { readTransportFeedback, type TransportFeedback } from './transport-feedback.ts';

/** What a receiver says of one of our streams (RFC 3550 §6.4.1). */
export interface ReportBlock {
  readonly type: 'report';
  readonly ssrc: number;
  /** 0 to 1 */
  readonly fractionLost: number;
  /** Middle bits of the last sender report's NTP time; 0: none arrived. */
  readonly lastReport: number;
  /** In units of 1/65536 s. */
  readonly sinceLastReport: number;
}

/** One RTCP message that a sender acts on. */
export type Feedback =
  | ReportBlock
  | TransportFeedback
  | { readonly type: 'nack'; readonly ssrc: number; readonly sequences: readonly number[] }
  | { readonly type: 'keyframe' }
  | { readonly type: 'remb'; readonly bitsPerSecond: number };

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const TRANSPORT_FEEDBACK = 205;
const PAYLOAD_FEEDBACK = 206;

/** RFC 5761 §4: on one port the second byte tells RTCP from RTP. */
export const isRtcp = (packet: Buffer): boolean => {
  const type = packet[1] ?? 0;
  return type >= 192 && type <= 223;
};

/** The messages of a compound packet; stops where the lengths do not add up. */
export function readRtcp(packet: Buffer): readonly Feedback[] {
  const messages: Feedback[] = [];
  for (let start = 0; start + 8 <= packet.length;) {
    if (packet.readUInt8(start) >> 6 !== 2) break;
    const end = start + 4 * (packet.readUInt16BE(start + 2) + 1);
    if (end > packet.length) break;
    messages.push(...readOne(packet.subarray(start, end)));
    start = end;
  }
  return messages;
}

function readOne(message: Buffer): readonly Feedback[] {
  const format = message.readUInt8(0) & 0x1f;
  const type = message.readUInt8(1);
  if (type === RECEIVER_REPORT) return readBlocks(message, 8, format);
  if (type === SENDER_REPORT) return readBlocks(message, 28, format);
  if (message.length < 12) return [];
  if (type === TRANSPORT_FEEDBACK && format === 1) return [readNack(message)];
  if (type === TRANSPORT_FEEDBACK && format === 15) {
    const feedback = readTransportFeedback(message);
    return feedback === null ? [] : [feedback];
  }
  if (type !== PAYLOAD_FEEDBACK) return [];
  // PLI of RFC 4585 §6.3.1, FIR of RFC 5104 §4.3.1: both want the same.
  if (format === 1 || format === 4) return [{ type: 'keyframe' }];
  return format === 15 ? readRemb(message) : [];
}

function readBlocks(message: Buffer, first: number, count: number): readonly ReportBlock[] {
  const blocks: ReportBlock[] = [];
  for (let at = first; blocks.length < count && at + 24 <= message.length; at += 24) {
    blocks.push({
      type: 'report',
      ssrc: message.readUInt32BE(at),
      fractionLost: message.readUInt8(at + 4) / 256,
      lastReport: message.readUInt32BE(at + 16),
      sinceLastReport: message.readUInt32BE(at + 20),
    });
  }
  return blocks;
}

function readNack(message: Buffer): Feedback {
  const sequences: number[] = [];
  for (let at = 12; at + 4 <= message.length; at += 4) {
    const first = message.readUInt16BE(at);
    const mask = message.readUInt16BE(at + 2);
    sequences.push(first);
    for (let bit = 0; bit < 16; bit += 1) {
      if ((mask & (1 << bit)) !== 0) sequences.push((first + bit + 1) & 0xffff);
    }
  }
  return { type: 'nack', ssrc: message.readUInt32BE(8), sequences };
}

function readRemb(message: Buffer): readonly Feedback[] {
  if (message.length < 20 || message.toString('latin1', 12, 16) !== 'REMB') return [];
  const value = message.readUInt32BE(16);
  const bitsPerSecond = (value & 0x3ffff) * 2 ** ((value >>> 18) & 0x3f);
  return [{ type: 'remb', bitsPerSecond }];
}
