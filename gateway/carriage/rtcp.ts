/** One packet of a compound, not copied; RFC 3550 §6.1. */
export interface RtcpPart {
  readonly type: number;
  /** The five bits of count or feedback format. */
  readonly format: number;
  readonly bytes: Buffer;
}

export const RTCP = {
  senderReport: 200,
  receiverReport: 201,
  transport: 205,
  payload: 206,
} as const;
/** RFC 4585 §6.2.1 sets no limit; 32 entries x 17 are what a relay remembers. */
const MOST_ENTRIES = 32;

/** RFC 5761 §4: on one port the second byte tells RTCP from RTP. */
export const isRtcp = (packet: Buffer): boolean => {
  const type = packet[1] ?? 0;
  return type >= 192 && type <= 223;
};

/** The parts of a compound; stops silently where the lengths stop adding up. */
export const partsOf = (packet: Buffer): RtcpPart[] => {
  const parts: RtcpPart[] = [];
  let start = 0;
  while (start + 8 <= packet.length && packet.readUInt8(start) >> 6 === 2) {
    const end = start + 4 * (packet.readUInt16BE(start + 2) + 1);
    if (end > packet.length) break;
    const bytes = packet.subarray(start, end);
    parts.push({ type: bytes.readUInt8(1), format: bytes.readUInt8(0) & 0x1f, bytes });
    start = end;
  }
  return parts;
};

/** The 16-bit numbers that a generic NACK names, and the stream that they are of. */
export const missingOf = ({ bytes }: RtcpPart): { ssrc: number; sequences: number[] } => {
  const sequences: number[] = [];
  const end = Math.min(bytes.length, 12 + 4 * MOST_ENTRIES);
  for (let at = 12; at + 4 <= end; at += 4) {
    const first = bytes.readUInt16BE(at);
    const mask = bytes.readUInt16BE(at + 2);
    sequences.push(first);
    for (let bit = 0; bit < 16; bit += 1) {
      if ((mask & (1 << bit)) !== 0) sequences.push((first + bit + 1) & 0xffff);
    }
  }
  return { ssrc: bytes.length < 12 ? 0 : bytes.readUInt32BE(8), sequences };
};

/** A generic NACK in the name of another's: one entry for each packet. */
export const writeNack = (given: {
  readonly sender: number;
  readonly ssrc: number;
  readonly sequences: readonly number[];
}): Buffer => {
  const packet = Buffer.alloc(12 + 4 * given.sequences.length);
  packet.writeUInt8(0x81, 0);
  packet.writeUInt8(RTCP.transport, 1);
  packet.writeUInt16BE(packet.length / 4 - 1, 2);
  packet.writeUInt32BE(given.sender, 4);
  packet.writeUInt32BE(given.ssrc, 8);
  given.sequences.forEach((sequence, index) => packet.writeUInt16BE(sequence, 12 + 4 * index));
  return packet;
};

/** An RR without a block: that somebody is there. RFC 3550 §6.4.2. */
export const writeEmptyReport = (sender: number): Buffer => {
  const packet = Buffer.alloc(8);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(RTCP.receiverReport, 1);
  packet.writeUInt16BE(1, 2);
  packet.writeUInt32BE(sender, 4);
  return packet;
};
