const NTP_EPOCH_MS = 2_208_988_800_000;

/** One instant of a stream: the clock on the wall and the stream's own. */
export interface SenderClock {
  readonly ssrc: number;
  readonly wallMs: number;
  readonly rtpTimestamp: number;
  readonly packets: number;
  readonly octets: number;
  readonly cname: string;
}

/** A sender report (RFC 3550 §6.4.1) with its SDES CNAME. */
export function writeSenderReport(clock: SenderClock): Buffer {
  const name = Buffer.from(clock.cname, 'latin1').subarray(0, 255);
  const descriptionBytes = 8 + 4 * Math.ceil((name.length + 3) / 4);
  const packet = Buffer.alloc(28 + descriptionBytes);
  const { seconds, fraction } = toNtp(clock.wallMs);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(200, 1);
  packet.writeUInt16BE(6, 2);
  packet.writeUInt32BE(clock.ssrc, 4);
  packet.writeUInt32BE(seconds, 8);
  packet.writeUInt32BE(fraction, 12);
  packet.writeUInt32BE(clock.rtpTimestamp >>> 0, 16);
  packet.writeUInt32BE(clock.packets >>> 0, 20);
  packet.writeUInt32BE(clock.octets >>> 0, 24);
  packet.writeUInt8(0x81, 28);
  packet.writeUInt8(202, 29);
  packet.writeUInt16BE(descriptionBytes / 4 - 1, 30);
  packet.writeUInt32BE(clock.ssrc, 32);
  packet.writeUInt8(1, 36);
  packet.writeUInt8(name.length, 37);
  name.copy(packet, 38);
  return packet;
}

/** Round trip by a report block (RFC 3550 §6.4.1); null before the first sender report arrived. */
export function roundTripMs(
  wallMs: number,
  block: { readonly lastReport: number; readonly sinceLastReport: number },
): number | null {
  if (block.lastReport === 0) return null;
  const { seconds, fraction } = toNtp(wallMs);
  const now = (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0;
  const units = (now - block.lastReport - block.sinceLastReport) | 0;
  return Math.max(0, (units * 1000) / 65_536);
}

function toNtp(wallMs: number): { seconds: number; fraction: number } {
  const ntpMs = wallMs + NTP_EPOCH_MS;
  const seconds = Math.floor(ntpMs / 1000);
  const fraction = Math.floor(((ntpMs - seconds * 1000) / 1000) * 0x1_0000_0000);
  return { seconds: seconds >>> 0, fraction: Math.min(fraction, 0xffff_ffff) };
}
