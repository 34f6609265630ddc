const HEADER_BYTES = 12;
const BLOCK_BYTES = 4;
const ONE_BYTE_PROFILE = 0xbede;

/** What of an RTP packet changes on its way out. */
export interface Outgoing {
  readonly payloadType: number;
  /** Ids of header extensions; null: the server does not take it. */
  readonly transportCcId: number | null;
  readonly playoutDelay: PlayoutDelay | null;
}

/** How long receivers may hold a picture back: not at all, up to `mostMs` (0 to 40,950, in steps of 10). */
export interface PlayoutDelay {
  readonly id: number;
  readonly mostMs: number;
}

/** Sequence number of an RTP packet. */
export const sequenceOf = (packet: Buffer): number => packet.readUInt16BE(2);

/** Timestamp of an RTP packet. */
export const timestampOf = (packet: Buffer): number => packet.readUInt32BE(4);

/** Bytes behind the header of an RTP packet that has no CSRCs. */
export function payloadBytesOf(packet: Buffer): number {
  const hasExtension = ((packet[0] ?? 0) & 0x10) !== 0;
  const words = hasExtension ? packet.readUInt16BE(HEADER_BYTES + 2) : 0;
  return packet.length - HEADER_BYTES - (hasExtension ? BLOCK_BYTES + 4 * words : 0);
}

/** Whether the bytes are a plain RTP packet, without CSRCs or extensions, as payloaders make them. */
export function isPlainRtp(packet: Buffer): boolean {
  const first = packet[0] ?? 0;
  return packet.length >= HEADER_BYTES && first >> 6 === 2 && (first & 0x1f) === 0;
}

/** The packet with its negotiated payload type, and with the extensions that the server takes. */
export function readdress(packet: Buffer, outgoing: Outgoing): Buffer {
  const extensions = extensionsOf(outgoing);
  const added = extensions.length === 0 ? 0 : BLOCK_BYTES + 4 * Math.ceil(extensions.length / 4);
  const out = Buffer.alloc(packet.length + added);
  packet.copy(out, 0, 0, HEADER_BYTES);
  packet.copy(out, HEADER_BYTES + added, HEADER_BYTES);
  out[1] = ((packet[1] ?? 0) & 0x80) | outgoing.payloadType;
  if (added > 0) {
    out[0] = (out[0] ?? 0) | 0x10;
    out.writeUInt16BE(ONE_BYTE_PROFILE, HEADER_BYTES);
    out.writeUInt16BE((added - BLOCK_BYTES) / 4, HEADER_BYTES + 2);
    out.set(extensions, HEADER_BYTES + BLOCK_BYTES);
  }
  return out;
}

/** Writes the transport-wide sequence number into a packet of {@link readdress}. */
export function stamp(packet: Buffer, transportSequence: number): void {
  packet.writeUInt16BE(transportSequence & 0xffff, HEADER_BYTES + BLOCK_BYTES + 1);
}

/** RFC 8285 §4.2: an id and the length less one, then the value; rounded up with padding. */
function extensionsOf({ transportCcId, playoutDelay }: Outgoing): number[] {
  return [
    ...(transportCcId === null ? [] : [(transportCcId << 4) | 1, 0, 0]),
    ...(playoutDelay === null ? [] : [(playoutDelay.id << 4) | 2, ...delayBytes(playoutDelay)]),
  ];
}

/** Least and most delay, 12 bits each, in 10 ms; the least is none. */
function delayBytes({ mostMs }: PlayoutDelay): readonly number[] {
  const most = Math.min(Math.round(mostMs / 10), 0xfff);
  return [0, most >> 8, most & 0xff];
}
