import { MAX_STRIPE_BYTES, MEDIA_KINDS, MEDIA_VERSION } from './media-protocol.ts';

/** Bytes before the encoded rows. */
export const STRIPE_HEADER_BYTES = 24;

/** How the rows of a stripe are encoded: baseline JPEG, or H.264 as Annex B with SPS and PPS at key frames. */
export const STRIPE_CODECS = { jpeg: 1, h264: 2 } as const;
export type StripeCodec = keyof typeof STRIPE_CODECS;

const KEY = 1;
const LAST = 2;
const REFINED = 4;
const KNOWN_FLAGS = KEY | LAST | REFINED;
/** The largest picture that the agent encodes. */
const MAX_WIDTH = 7_680;
const MAX_HEIGHT = 4_320;

/** What the header of a stripe says. Numbers on the wire are big-endian. */
export interface StripeHeader {
  /** Byte 1, bit 0: decodes without any stripe before it. Always set for JPEG. */
  readonly isKey: boolean;
  /** Bit 1: no more stripes of this picture follow, so it can be painted. */
  readonly isLast: boolean;
  /** Bit 2: shows what is still once more, better. */
  readonly isRefined: boolean;
  /** Bytes 2 to 5: number of the picture, one more than the last one's, modulo 2^32. */
  readonly frame: number;
  /** Bytes 6 and 7, 8 and 9: pixels of the whole picture. */
  readonly width: number;
  readonly height: number;
  /** Bytes 10 and 11, 12 and 13: the first row of pixels, and how many. */
  readonly y: number;
  readonly rows: number;
  /** Byte 14: another number whenever size, partition or codec is another; all stripes before are void then. */
  readonly layout: number;
  /** Byte 15. */
  readonly codec: StripeCodec;
  /** Bytes 16 to 23: when it was captured, microseconds since 1970 by the publisher's clock. */
  readonly capturedAtUs: number;
}

/** One stripe of a picture; `payload` is a view of the message. */
export interface Stripe extends StripeHeader {
  readonly payload: Uint8Array;
}

/** A message with room for `payloadBytes` behind the header. */
export function writeStripeHeader(into: Uint8Array, header: StripeHeader): void {
  const view = viewOf(into);
  view.setUint8(0, (MEDIA_VERSION << 4) | MEDIA_KINDS.stripe);
  view.setUint8(1, flagsOf(header));
  view.setUint32(2, header.frame);
  view.setUint16(6, header.width);
  view.setUint16(8, header.height);
  view.setUint16(10, header.y);
  view.setUint16(12, header.rows);
  view.setUint8(14, header.layout);
  view.setUint8(15, STRIPE_CODECS[header.codec]);
  view.setBigUint64(16, BigInt(header.capturedAtUs));
}

/** The whole message. */
export function writeStripe(header: StripeHeader, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(STRIPE_HEADER_BYTES + payload.byteLength);
  writeStripeHeader(message, header);
  message.set(payload, STRIPE_HEADER_BYTES);
  return message;
}

/** Reads a message of kind `stripe`; a sentence when it is none that this version allows. */
export function readStripe(message: Uint8Array): Stripe | string {
  if (message.byteLength <= STRIPE_HEADER_BYTES) return 'A stripe has no content.';
  if (message.byteLength > MAX_STRIPE_BYTES) return 'A stripe is too large.';
  const view = viewOf(message);
  const flags = view.getUint8(1);
  const codec = codecOf(view.getUint8(15));
  if (codec === undefined) return 'A stripe has an unknown codec.';
  if ((flags & ~KNOWN_FLAGS) !== 0) return 'A stripe has unknown flags.';
  const isKey = (flags & KEY) !== 0;
  if (codec === 'jpeg' && !isKey) return 'A JPEG stripe is no key.';
  const [width, height] = [view.getUint16(6), view.getUint16(8)];
  if (width < 1 || width > MAX_WIDTH || height < 1 || height > MAX_HEIGHT) {
    return 'A stripe is of a picture of an impossible size.';
  }
  const [y, rows] = [view.getUint16(10), view.getUint16(12)];
  if (rows < 1 || y + rows > height) return 'A stripe lies outside of its picture.';
  const capturedAtUs = Number(view.getBigUint64(16));
  if (capturedAtUs > Number.MAX_SAFE_INTEGER) return 'A stripe has an impossible time.';
  return {
    isKey,
    isLast: (flags & LAST) !== 0,
    isRefined: (flags & REFINED) !== 0,
    frame: view.getUint32(2),
    width,
    height,
    y,
    rows,
    layout: view.getUint8(14),
    codec,
    capturedAtUs,
    payload: message.subarray(STRIPE_HEADER_BYTES),
  };
}

const flagsOf = ({ isKey, isLast, isRefined }: StripeHeader): number =>
  (isKey ? KEY : 0) | (isLast ? LAST : 0) | (isRefined ? REFINED : 0);

function codecOf(byte: number): StripeCodec | undefined {
  if (byte === STRIPE_CODECS.jpeg) return 'jpeg';
  return byte === STRIPE_CODECS.h264 ? 'h264' : undefined;
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);
