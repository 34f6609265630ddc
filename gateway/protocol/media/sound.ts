import { MAX_SOUND_BYTES, MEDIA_KINDS, MEDIA_VERSION } from './media-protocol.ts';

/** Bytes before the Opus packet. */
export const SOUND_HEADER_BYTES = 14;

/** One Opus packet (RFC 6716), 48 kHz, at most two channels. Numbers on the wire are big-endian. */
export interface SoundPacket {
  /** Bytes 2 to 5: one more than the last one's, modulo 2^32. Byte 1 is 0. */
  readonly sequence: number;
  /** Bytes 6 to 13: when its first sample was captured, microseconds since 1970 by the publisher's clock. */
  readonly capturedAtUs: number;
  /** A view of the message. */
  readonly payload: Uint8Array;
}

export function writeSound({
  sequence,
  capturedAtUs,
  payload,
}: SoundPacket): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(SOUND_HEADER_BYTES + payload.byteLength);
  const view = new DataView(message.buffer);
  view.setUint8(0, (MEDIA_VERSION << 4) | MEDIA_KINDS.sound);
  view.setUint32(2, sequence);
  view.setBigUint64(6, BigInt(capturedAtUs));
  message.set(payload, SOUND_HEADER_BYTES);
  return message;
}

/** Reads a message of kind `sound`; a sentence when it is none that this version allows. */
export function readSound(message: Uint8Array): SoundPacket | string {
  if (message.byteLength <= SOUND_HEADER_BYTES) return 'A sound packet has no content.';
  if (message.byteLength > MAX_SOUND_BYTES) return 'A sound packet is too large.';
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  if (view.getUint8(1) !== 0) return 'A sound packet has unknown flags.';
  const capturedAtUs = Number(view.getBigUint64(6));
  if (capturedAtUs > Number.MAX_SAFE_INTEGER) return 'A sound packet has an impossible time.';
  const payload = message.subarray(SOUND_HEADER_BYTES);
  return { sequence: view.getUint32(2), capturedAtUs, payload };
}
