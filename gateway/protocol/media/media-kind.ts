import { MEDIA_KINDS, MEDIA_VERSION } from './media-protocol.ts';

export type MediaKind = keyof typeof MEDIA_KINDS;

/** What a binary message is, by its first byte; a sentence when this version knows no such one. */
export function mediaKindOf(message: Uint8Array): { readonly kind: MediaKind } | string {
  const first = message[0];
  if (first === undefined) return 'A binary message is empty.';
  if (first >> 4 !== MEDIA_VERSION) {
    return `Binary messages of version ${first >> 4} are not known here, ${MEDIA_VERSION} is.`;
  }
  switch (first & 15) {
    case MEDIA_KINDS.stripe:
      return { kind: 'stripe' };
    case MEDIA_KINDS.sound:
      return { kind: 'sound' };
    case MEDIA_KINDS.painted:
      return { kind: 'painted' };
    default:
      return `A binary message of kind ${first & 15} is not known here.`;
  }
}
