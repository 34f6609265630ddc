import type { PacketPath, WatchStats } from '../core/watch-stats.ts';
import type { WatchFigures } from './watch-figures.ts';

/** One reading, as graphs and reports have it; null where nothing is known. */
export interface FigureSample {
  readonly atMs: number;
  readonly way: WatchFigures['way'];
  readonly width: number | null;
  readonly height: number | null;
  readonly framesPerSecond: number | null;
  readonly bitrateBps: number | null;
  /** 0 to 1, since the reading before. */
  readonly lossFraction: number | null;
  readonly jitterMs: number | null;
  readonly roundTripMs: number | null;
  readonly path: PacketPath | null;
}

/** Ten minutes, at one reading a second. */
const MOST_SAMPLES = 600;

/** What was read before, and what has come with the last reading; a new array each time. */
export function withSample(
  samples: readonly FigureSample[],
  { way, stats }: WatchFigures,
  before: WatchStats | null,
  atMs: number,
): readonly FigureSample[] {
  const sample: FigureSample = {
    ...{ atMs, way },
    width: stats?.width ?? null,
    height: stats?.height ?? null,
    framesPerSecond: stats?.framesPerSecond ?? null,
    bitrateBps: stats?.bitrateBps ?? null,
    lossFraction: stats === null ? null : lossBetween(before, stats),
    jitterMs: stats?.jitterMs ?? null,
    roundTripMs: stats?.roundTripMs ?? null,
    path: stats?.path ?? null,
  };
  return [...samples, sample].slice(-MOST_SAMPLES);
}

/** A packet that was given up and came after all makes the count of lost ones smaller. */
function lossBetween(before: WatchStats | null, now: WatchStats): number | null {
  if (before === null) return null;
  const received = now.packetsReceived - before.packetsReceived;
  const lost = Math.max(0, now.packetsLost - before.packetsLost);
  return received + lost > 0 && received >= 0 ? lost / (received + lost) : null;
}
