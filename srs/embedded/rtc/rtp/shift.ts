import { writePicture } from './vp8-picture.ts';
import type { Vp8Picture } from './vp8-picture.ts';

/**
 * By how much a viewer's numbers differ from those of the output it gets: whoever came from another
 * layer goes on counting where it was. One object for all whose numbers do not differ.
 */
export interface Shift {
  readonly sequence: number;
  readonly timestamp: number;
  /** VP8's picture id and TL0PICIDX. */
  readonly picture: number;
  readonly tl0: number;
  /** Output packets older than this one are not for such a viewer. */
  readonly from: number;
}

/** A packet as viewers get it: plain header, output numbers. Byte 1 and what `shift` names vary. */
export interface NumberedPacket {
  /** Output sequence number, unwrapped. */
  readonly sequence: number;
  readonly timestamp: number;
  readonly packet: Buffer;
  /** Only where viewers change between layers of VP8. */
  readonly picture: Vp8Picture | null;
  /** The numbers that stand in the packet now. */
  shift: Shift;
}

export const NO_SHIFT: Shift = {
  sequence: 0,
  timestamp: 0,
  picture: 0,
  tl0: 0,
  from: Number.NEGATIVE_INFINITY,
};

/** Writes the numbers that viewers with `shift` see into the packet, unless they stand there. */
export const stamp = (entry: NumberedPacket, shift: Shift): void => {
  if (entry.shift === shift) return;
  entry.shift = shift;
  const { packet, picture } = entry;
  packet.writeUInt16BE((entry.sequence + shift.sequence) & 0xffff, 2);
  packet.writeUInt32BE((entry.timestamp + shift.timestamp) >>> 0, 4);
  if (picture !== null) writePicture(packet, picture, shift);
};
