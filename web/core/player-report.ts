import type { PlayerReport } from '../../gateway/protocol/viewer.ts';
import { latencyByClock } from './clock-latency.ts';
import { StatsIndex } from './stats-entry.ts';
import type { StatsEntry, StatsReport } from './stats-entry.ts';

/** What a receiver has counted so far: of the picture, or of the sound where there is none. */
export interface PlayerCounters {
  readonly atMs: number;
  /** Another id counts from the beginning. */
  readonly id: string;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly jitterSeconds: number;
  readonly framesReceived: number;
  readonly framesDecoded: number;
  readonly framesDropped: number;
  readonly decodeSeconds: number;
  readonly freezes: number;
  readonly freezeSeconds: number;
  /** Not counted, but of this moment: capture to screen by both clocks; null where not known. */
  readonly latencyMs: number | null;
}

/** A machine that slept, or a page that was stopped, has nothing to tell of the path. */
const LONGEST_INTERVAL_MS = 10_000;

/** Reads a receiver's counters; null while nothing is received. What a browser lacks is 0. */
export function readPlayerCounters(report: StatsReport, atMs: number): PlayerCounters | null {
  const index = new StatsIndex(report);
  const entry = index.all('inbound-rtp', 'video')[0] ?? index.all('inbound-rtp', 'audio')[0];
  if (entry === undefined) return null;
  const count = (key: string) => entry.number(key) ?? 0;
  return {
    atMs,
    id: entry.text('id') ?? '',
    packetsReceived: count('packetsReceived'),
    packetsLost: count('packetsLost'),
    jitterSeconds: count('jitter'),
    framesReceived: readFramesReceived(entry),
    framesDecoded: count('framesDecoded'),
    framesDropped: count('framesDropped'),
    decodeSeconds: count('totalDecodeTime'),
    freezes: count('freezeCount'),
    freezeSeconds: count('totalFreezesDuration'),
    latencyMs: latencyByClock(entry, atMs),
  };
}

/** What happened between two readings; null where they do not belong together. */
export function playerReport(
  before: PlayerCounters | null,
  now: PlayerCounters | null,
): PlayerReport | null {
  if (before === null || now === null || before.id !== now.id) return null;
  const intervalMs = now.atMs - before.atMs;
  if (intervalMs <= 0 || intervalMs > LONGEST_INTERVAL_MS) return null;
  if (now.packetsReceived < before.packetsReceived) return null;
  // A packet that was given up and came after all makes the count of lost ones smaller.
  const gained = (key: Exclude<keyof PlayerCounters, 'id' | 'latencyMs'>) =>
    Math.max(0, now[key] - before[key]);
  const lost = gained('packetsLost');
  const decoded = gained('framesDecoded');
  return {
    loss: lost === 0 ? 0 : lost / (lost + gained('packetsReceived')),
    jitterMs: Math.min(60_000, Math.max(0, now.jitterSeconds * 1000)),
    framesReceived: whole(gained('framesReceived'), 100_000),
    framesDecoded: whole(decoded, 100_000),
    framesDropped: whole(gained('framesDropped'), 100_000),
    decodeMs: decoded === 0 ? 0 : Math.min(60_000, (gained('decodeSeconds') * 1000) / decoded),
    freezes: whole(gained('freezes'), 10_000),
    freezeMs: Math.min(600_000, Math.round(gained('freezeSeconds') * 1000)),
    ...(now.latencyMs === null ? {} : { latencyMs: now.latencyMs }),
  };
}

function readFramesReceived(entry: StatsEntry): number {
  const handled = (entry.number('framesDecoded') ?? 0) + (entry.number('framesDropped') ?? 0);
  return entry.number('framesReceived') ?? handled;
}

function whole(value: number, most: number): number {
  return Math.min(most, Math.round(value));
}
