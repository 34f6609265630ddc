import type { RingEntry } from './rtp/packet-ring.ts';

/** What an output sent last, in its own numbers, and when. */
export interface LastSent extends Pick<RingEntry, 'sequence' | 'timestamp' | 'picture'> {
  readonly atMs: number;
}
