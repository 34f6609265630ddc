import { MEDIA_KINDS, MEDIA_VERSION } from './media-protocol.ts';

const PAINTED_BYTES = 6;

/** A viewer's receipt: this picture, by its number, was painted, or left out for a newer one. */
export function writePainted(frame: number): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(PAINTED_BYTES);
  const view = new DataView(message.buffer);
  view.setUint8(0, (MEDIA_VERSION << 4) | MEDIA_KINDS.painted);
  view.setUint32(2, frame);
  return message;
}

/** The number of the picture; a sentence when the message is no receipt of this version. */
export function readPainted(message: Uint8Array): number | string {
  if (message.byteLength !== PAINTED_BYTES) return 'A receipt has six bytes.';
  if (message[1] !== 0) return 'A receipt has unknown flags.';
  return new DataView(message.buffer, message.byteOffset, message.byteLength).getUint32(2);
}
