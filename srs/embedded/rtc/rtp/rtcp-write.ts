/** Statistics of one received RTP stream (RFC 3550 §6.4.1). */
export interface ReportBlock {
  readonly ssrc: number;
  readonly fractionLost: number;
  readonly lost: number;
  readonly highestSequence: number;
  readonly jitter: number;
  readonly lastReport: number;
  readonly sinceLastReport: number;
}

const head = (bytes: number, format: number, type: number, sender: number): Buffer => {
  const packet = Buffer.alloc(bytes);
  packet[0] = 0x80 | format;
  packet[1] = type;
  packet.writeUInt16BE(bytes / 4 - 1, 2);
  packet.writeUInt32BE(sender, 4);
  return packet;
};

/** Picture Loss Indication, RFC 4585 §6.3.1. */
export const writePli = (sender: number, media: number): Buffer => {
  const packet = head(12, 1, 206, sender);
  packet.writeUInt32BE(media, 8);
  return packet;
};

/** Generic NACK, RFC 4585 §6.2.1; `sequences` must ascend (modulo 2^16). */
export const writeNack = (sender: number, media: number, sequences: readonly number[]): Buffer => {
  const entries: { first: number; mask: number }[] = [];
  for (const sequence of sequences) {
    const last = entries.at(-1);
    const distance = last === undefined ? 0 : (sequence - last.first) & 0xffff;
    if (last !== undefined && distance >= 1 && distance <= 16) last.mask |= 1 << (distance - 1);
    else entries.push({ first: sequence & 0xffff, mask: 0 });
  }
  const packet = head(12 + 4 * entries.length, 1, 205, sender);
  packet.writeUInt32BE(media, 8);
  entries.forEach((entry, index) => {
    packet.writeUInt16BE(entry.first, 12 + 4 * index);
    packet.writeUInt16BE(entry.mask, 14 + 4 * index);
  });
  return packet;
};

/** Receiver Report, RFC 3550 §6.4.2. */
export const writeReceiverReport = (sender: number, blocks: readonly ReportBlock[]): Buffer => {
  const packet = head(8 + 24 * blocks.length, blocks.length, 201, sender);
  blocks.forEach((block, index) => {
    const at = 8 + 24 * index;
    packet.writeUInt32BE(block.ssrc, at);
    packet.writeUInt8(block.fractionLost, at + 4);
    packet.writeUIntBE(block.lost & 0xffffff, at + 5, 3);
    packet.writeUInt32BE(block.highestSequence >>> 0, at + 8);
    packet.writeUInt32BE(block.jitter >>> 0, at + 12);
    packet.writeUInt32BE(block.lastReport, at + 16);
    packet.writeUInt32BE(block.sinceLastReport, at + 20);
  });
  return packet;
};

/** Sender Report with an SDES CNAME behind it (RFC 3550 §6.1: every compound has one). */
export const writeSenderReport = (report: {
  readonly ssrc: number;
  readonly ntpMs: number;
  readonly rtp: number;
  readonly packets: number;
  readonly octets: number;
  readonly cname: string;
}): Buffer => {
  const packet = head(28, 0, 200, report.ssrc);
  const seconds = Math.floor(report.ntpMs / 1000);
  const fraction = Math.floor(((report.ntpMs - seconds * 1000) * 0x1_0000_0000) / 1000);
  packet.writeUInt32BE(seconds >>> 0, 8);
  packet.writeUInt32BE(Math.min(fraction, 0xffffffff), 12);
  packet.writeUInt32BE(report.rtp >>> 0, 16);
  packet.writeUInt32BE(report.packets >>> 0, 20);
  packet.writeUInt32BE(report.octets >>> 0, 24);
  const name = Buffer.from(report.cname, 'latin1').subarray(0, 255);
  const description = head(8 + 4 * Math.ceil((name.length + 3) / 4), 1, 202, report.ssrc);
  description[8] = 1;
  description[9] = name.length;
  name.copy(description, 10);
  return Buffer.concat([packet, description]);
};

/** Receiver Estimated Maximum Bitrate (draft-alvestrand-rmcat-remb-03 §2). */
export const writeRemb = (sender: number, bitsPerSecond: number, ssrcs: readonly number[]) => {
  const packet = head(20 + 4 * ssrcs.length, 15, 206, sender);
  packet.write('REMB', 12, 'latin1');
  let exponent = 0;
  while (bitsPerSecond / 2 ** exponent >= 2 ** 18) exponent += 1;
  const mantissa = Math.floor(bitsPerSecond / 2 ** exponent);
  packet.writeUInt32BE(((ssrcs.length << 24) | (exponent << 18) | mantissa) >>> 0, 16);
  ssrcs.forEach((ssrc, index) => packet.writeUInt32BE(ssrc, 20 + 4 * index));
  return packet;
};
