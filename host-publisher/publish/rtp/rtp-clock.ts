import type { RtpStart } from '../../media/outlet.ts';

/** Ticks per second. */
export const VIDEO_CLOCK = 90_000;
export const AUDIO_CLOCK = 48_000;

/** The RTP timestamp of a moment of a pipeline, as payloaders give it: parts of a tick are left out. */
export function rtpTimestampAt(
  { timestampOffset }: RtpStart,
  clockRate: number,
  runningTimeNs: bigint,
): number {
  const ticks = (runningTimeNs * BigInt(clockRate)) / 1_000_000_000n;
  return Number((BigInt(timestampOffset) + ticks) & 0xffff_ffffn);
}

/** Ticks from one RTP timestamp to another, below 0 when that is the earlier one; they wrap. */
export function ticksBetween(from: number, to: number): number {
  return (to - from) | 0;
}
