import { RTP_HEADER_BYTES } from './header.ts';

/** Where a forwarded VP8 packet carries its picture's numbers (RFC 7741 §4.2), and which. */
export interface Vp8Picture {
  /** Offset of the picture id in the forwarded packet. */
  readonly idAt: number;
  /** 15 bits instead of 7. */
  readonly wide: boolean;
  readonly id: number;
  /** Offset of TL0PICIDX; 0 when absent. */
  readonly tl0At: number;
  readonly tl0: number;
}

/** The picture's numbers in the payload of a forwarded packet; null when it has no picture id. */
export const readPicture = (packet: Buffer): Vp8Picture | null => {
  const start = RTP_HEADER_BYTES;
  if (packet.length < start + 3 || (packet.readUInt8(start) & 0x80) === 0) return null;
  const extra = packet.readUInt8(start + 1);
  if ((extra & 0x80) === 0) return null;
  const idAt = start + 2;
  const wide = packet.readUInt8(idAt) >= 0x80;
  const tl0At = (extra & 0x40) === 0 ? 0 : idAt + (wide ? 2 : 1);
  if (packet.length < idAt + (wide ? 2 : 1) + (tl0At > 0 ? 1 : 0)) return null;
  return {
    idAt,
    wide,
    id: wide ? packet.readUInt16BE(idAt) & 0x7fff : packet.readUInt8(idAt),
    tl0At,
    tl0: tl0At > 0 ? packet.readUInt8(tl0At) : 0,
  };
};

/** Writes the numbers moved by `shift`, in the width that the packet has. */
export const writePicture = (
  packet: Buffer,
  picture: Vp8Picture,
  shift: { readonly picture: number; readonly tl0: number },
): void => {
  const id = picture.id + shift.picture;
  if (picture.wide) packet.writeUInt16BE(0x8000 | (id & 0x7fff), picture.idAt);
  else packet.writeUInt8(id & 0x7f, picture.idAt);
  if (picture.tl0At > 0) packet.writeUInt8((picture.tl0 + shift.tl0) & 0xff, picture.tl0At);
};
