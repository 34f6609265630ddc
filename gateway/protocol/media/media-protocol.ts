/**
 * Subprotocols of `/ws/media/:room/:source?`: the one that a client asks for says on which side it
 * is. Text messages are JSON (`media-messages.ts`), binary ones pictures, sound and receipts.
 */
export const WATCH_MEDIA_PROTOCOL = 'pixelcast.media.watch.v1';
export const PUBLISH_MEDIA_PROTOCOL = 'pixelcast.media.publish.v1';

/** The upper half of the first byte of every binary message. */
export const MEDIA_VERSION = 1;

/** The lower half of the first byte. */
export const MEDIA_KINDS = { stripe: 1, sound: 2, painted: 3 } as const;

/** Rows that a picture has at most. */
export const MAX_STRIPES = 64;
/** Largest stripe with its header; a key frame of a 4K desktop in one row has some 1 MiB. */
export const MAX_STRIPE_BYTES = 2 * 1024 * 1024;
/** Largest sound packet with its header; RFC 6716 §3.4: an Opus frame has at most 1,275 bytes, a packet 48. */
export const MAX_SOUND_BYTES = 14 + 48 * 1_277;

/** Pictures that a viewer may be sent before it has painted one of them, on a path without delay. */
export const UNPAINTED_WINDOW = 3;

/** The gateway says `media/alive` so often, ms. */
export const MEDIA_ALIVE_MS = 5_000;
/** Who hears nothing at all for so long may take the connection for lost, ms. */
export const MEDIA_SILENT_MS = 12_000;
