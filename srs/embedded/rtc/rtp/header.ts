/** The fields of an RTP header, with the bounds of what follows it. */
export interface RtpHeader {
  readonly marker: boolean;
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  /** 0 when the packet has no header extension. */
  readonly extensionProfile: number;
  readonly extensionStart: number;
  readonly extensionEnd: number;
  readonly payloadStart: number;
  readonly payloadEnd: number;
}

/** What of an incoming packet is media, a retransmission's own header taken off. */
export interface MediaPosition {
  /** 16 bits. */
  readonly sequence: number;
  readonly payloadStart: number;
  readonly playoutDelay?: number | null;
}

export const RTP_HEADER_BYTES = 12;
const ONE_BYTE_PROFILE = 0xbede;

/** RFC 5761 §4: on one port the second byte tells RTCP from RTP. */
export const isRtcp = (packet: Buffer): boolean => {
  const type = packet[1] ?? 0;
  return type >= 192 && type <= 223;
};

/** Signed distance a - b of two 16-bit sequence numbers, in -32768..32767. */
export const sequenceDelta = (a: number, b: number): number => ((a - b) << 16) >> 16;

/** Reads an RTP packet's header; null when the bytes contradict themselves. */
export const parseRtp = (packet: Buffer): RtpHeader | null => {
  if (packet.length < RTP_HEADER_BYTES) return null;
  const first = packet.readUInt8(0);
  if (first >> 6 !== 2) return null;
  const second = packet.readUInt8(1);
  let offset = RTP_HEADER_BYTES + 4 * (first & 0x0f);
  let extensionProfile = 0;
  const extensionStart = offset + 4;
  if ((first & 0x10) !== 0) {
    if (packet.length < extensionStart) return null;
    extensionProfile = packet.readUInt16BE(offset);
    offset = extensionStart + 4 * packet.readUInt16BE(offset + 2);
  }
  let payloadEnd = packet.length;
  if ((first & 0x20) !== 0) payloadEnd -= packet.readUInt8(packet.length - 1);
  if (offset > payloadEnd) return null;
  return {
    marker: second >= 0x80,
    payloadType: second & 0x7f,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    extensionProfile,
    extensionStart,
    extensionEnd: offset,
    payloadStart: offset,
    payloadEnd,
  };
};

/** The bytes of header extension `id` (RFC 8285, both forms), or null. */
export const readExtension = (packet: Buffer, header: RtpHeader, id: number): Buffer | null => {
  const oneByte = header.extensionProfile === ONE_BYTE_PROFILE;
  if (!oneByte && header.extensionProfile >> 4 !== 0x100) return null;
  let offset = header.extensionStart;
  while (offset + 1 < header.extensionEnd) {
    const lead = packet.readUInt8(offset);
    if (lead === 0) {
      offset += 1;
      continue;
    }
    const found = oneByte ? lead >> 4 : lead;
    const length = oneByte ? (lead & 0x0f) + 1 : packet.readUInt8(offset + 1);
    const start = offset + (oneByte ? 1 : 2);
    // RFC 8285 §4.2: id 15 ends the one-byte form.
    if ((oneByte && found === 15) || start + length > header.extensionEnd) return null;
    if (found === id) return packet.subarray(start, start + length);
    offset = start + length;
  }
  return null;
};

/** The 16-bit value of header extension `id`, or null. */
export const readExtension16 = (packet: Buffer, header: RtpHeader, id: number): number | null => {
  const value = readExtension(packet, header, id);
  return value === null || value.length < 2 ? null : value.readUInt16BE(0);
};

/** Writes the plain 12-byte header that every forwarded packet has. */
export const writeHeader = (
  packet: Buffer,
  header: {
    readonly marker: boolean;
    readonly payloadType: number;
    readonly sequence: number;
    readonly timestamp: number;
    readonly ssrc: number;
  },
): void => {
  packet[0] = 0x80;
  packet[1] = (header.marker ? 0x80 : 0) | header.payloadType;
  packet.writeUInt16BE(header.sequence, 2);
  packet.writeUInt32BE(header.timestamp, 4);
  packet.writeUInt32BE(header.ssrc, 8);
};
