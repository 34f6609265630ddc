const HEADER_BYTES = 12;
const EXTENSION_BYTES = 8;
const ONE_BYTE_PROFILE = 0xbede;

/** What of an RTP packet changes on its way out. */
export interface Outgoing {
  readonly payloadType: number;
  /** Id of the transport-wide sequence number's extension; null: the server wants none. */
  readonly extensionId: number | null;
}

/** Sequence number of an RTP packet. */
export const sequenceOf = (packet: Buffer): number => packet.readUInt16BE(2);

/** Whether the bytes are a plain RTP packet, without CSRCs or extensions, as payloaders make them. */
export function isPlainRtp(packet: Buffer): boolean {
  const first = packet[0] ?? 0;
  return packet.length >= HEADER_BYTES && first >> 6 === 2 && (first & 0x1f) === 0;
}

/** The packet with its negotiated payload type and room for a transport-wide sequence number. */
export function readdress(packet: Buffer, { payloadType, extensionId }: Outgoing): Buffer {
  const added = extensionId === null ? 0 : EXTENSION_BYTES;
  const out = Buffer.allocUnsafe(packet.length + added);
  packet.copy(out, 0, 0, HEADER_BYTES);
  packet.copy(out, HEADER_BYTES + added, HEADER_BYTES);
  out[1] = ((packet[1] ?? 0) & 0x80) | payloadType;
  if (extensionId !== null) {
    out[0] = (out[0] ?? 0) | 0x10;
    out.writeUInt16BE(ONE_BYTE_PROFILE, HEADER_BYTES);
    out.writeUInt16BE(1, HEADER_BYTES + 2);
    out[HEADER_BYTES + 4] = (extensionId << 4) | 1;
    out.writeUInt16BE(0, HEADER_BYTES + 5);
    out[HEADER_BYTES + 7] = 0;
  }
  return out;
}

/** Writes the transport-wide sequence number into a packet of {@link readdress}. */
export function stamp(packet: Buffer, transportSequence: number): void {
  packet.writeUInt16BE(transportSequence & 0xffff, HEADER_BYTES + 5);
}
