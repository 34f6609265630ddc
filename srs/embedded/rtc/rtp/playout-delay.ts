import type { RtpHeader } from './header.ts';
import { readExtension, RTP_HEADER_BYTES } from './header.ts';

/**
 * The header extension by which a publisher says how long receivers may hold a picture back: two
 * numbers of 12 bits, in 10 ms. Chromium shows frames of "0 to 0" as soon as they are decoded.
 */
export const PLAYOUT_DELAY = 'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay';

/** A header with room for this extension and no other. */
export const DELAY_HEADER_BYTES = RTP_HEADER_BYTES + 8;
const VALUE_BYTES = 3;
const ONE_BYTE_PROFILE = 0xbede;

/** The 24 bits that a packet carries under `id`, or null. */
export const readPlayoutDelay = (packet: Buffer, header: RtpHeader, id: number): number | null => {
  const value = readExtension(packet, header, id);
  return value?.length === VALUE_BYTES ? value.readUIntBE(0, VALUE_BYTES) : null;
};

/** Turns a plain header that has `DELAY_HEADER_BYTES` into one with an extension block of one word. */
export const openDelayBlock = (packet: Buffer): void => {
  packet[0] = (packet[0] ?? 0) | 0x10;
  packet.writeUInt16BE(ONE_BYTE_PROFILE, RTP_HEADER_BYTES);
  packet.writeUInt16BE(1, RTP_HEADER_BYTES + 2);
};

/** Writes the word for receivers that know the extension as `id`, or padding for those that do not. */
export const stampPlayoutDelay = (packet: Buffer, id: number | null, delay: number): void => {
  const lead = id === null ? 0 : (id << 4) | (VALUE_BYTES - 1);
  packet.writeUInt8(lead, RTP_HEADER_BYTES + 4);
  packet.writeUIntBE(id === null ? 0 : delay, RTP_HEADER_BYTES + 5, VALUE_BYTES);
};
