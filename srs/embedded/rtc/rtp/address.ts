import type { RingEntry } from './packet-ring.ts';
import { stampPlayoutDelay } from './playout-delay.ts';
import type { Shift } from './shift.ts';
import { stamp } from './shift.ts';

/** What differs between the packets of one output from receiver to receiver. */
export interface Address {
  readonly payloadType: number;
  readonly shift: Shift;
  /** What the receiver calls the header extension of the playout delay; null: unknown to it. */
  readonly playoutDelayId: number | null;
}

/** Makes the packet, in place, the one that receivers at `address` are to get. */
export const writeAddress = (entry: RingEntry, address: Address): void => {
  const { packet, playoutDelay } = entry;
  stamp(entry, address.shift);
  packet[1] = ((packet[1] ?? 0) & 0x80) | address.payloadType;
  if (playoutDelay !== null) stampPlayoutDelay(packet, address.playoutDelayId, playoutDelay);
};
