import type { InboundStats } from '../support/browser/peer-connections.ts';
import type { Snapshot } from './stage.ts';

/** What one viewer got between two snapshots. */
export interface FrameCount {
  readonly seconds: number;
  /** Sent by the publisher in that time. */
  readonly sent: number;
  readonly decoded: number;
  /** Decoded against sent. */
  readonly ratio: number;
  readonly framesPerSecond: number;
  readonly freezes: number;
  readonly nacks: number;
  readonly packets: number;
  readonly packetsLost: number;
}

/** Counts one viewer's frames from the first to the last of the snapshots. */
export function countFrames(snapshots: readonly Snapshot[], viewer: string): FrameCount {
  const [from, to] = [first(snapshots), last(snapshots)];
  const [before, after] = [inboundOf(from, viewer), inboundOf(to, viewer)];
  const seconds = (to.atMs - from.atMs) / 1000;
  const sent = to.published.framesSent - from.published.framesSent;
  const decoded = after.framesDecoded - before.framesDecoded;
  return {
    seconds,
    sent,
    decoded,
    ratio: decoded / sent,
    framesPerSecond: decoded / seconds,
    freezes: after.freezeCount - before.freezeCount,
    nacks: after.nackCount - before.nackCount,
    packets: packetsOf(after) - packetsOf(before),
    packetsLost: lostOf(after) - lostOf(before),
  };
}

/** Frames that the viewer decoded in each second. */
export function framesPerSecond(snapshots: readonly Snapshot[], viewer: string): number[] {
  return snapshots.slice(1).map((now, at) => {
    const before = snapshots[at] ?? now;
    const decoded = inboundOf(now, viewer).framesDecoded - inboundOf(before, viewer).framesDecoded;
    return Math.round((decoded * 1000) / (now.atMs - before.atMs));
  });
}

/** Video bits per second that the publisher sent in each second. */
export function publishedBitsPerSecond(snapshots: readonly Snapshot[]): number[] {
  return snapshots.slice(1).map((now, at) => {
    const before = snapshots[at] ?? now;
    const bytes = now.published.videoBytes - before.published.videoBytes;
    return Math.round((bytes * 8000) / (now.atMs - before.atMs));
  });
}

/** `600 of 601 frames (99.8 %), 30.0 fps, 0 freezes, 104 NACKs, 0 packets lost` */
export function describeFrames(count: FrameCount): string {
  const { decoded, sent, ratio, framesPerSecond: rate, freezes, nacks, packetsLost } = count;
  const share = `${decoded} of ${sent} frames (${(ratio * 100).toFixed(1)} %)`;
  return `${share}, ${rate.toFixed(1)} fps, ${freezes} freezes, ${nacks} NACKs, ${packetsLost} packets lost`;
}

function inboundOf({ watched }: Snapshot, viewer: string): InboundStats {
  const stats = watched.get(viewer);
  if (stats === undefined) throw new Error(`nobody is called ${viewer}`);
  return stats;
}

function packetsOf({ videoPackets, audioPackets }: InboundStats): number {
  return videoPackets + audioPackets;
}

function lostOf({ videoPacketsLost, audioPacketsLost }: InboundStats): number {
  return videoPacketsLost + audioPacketsLost;
}

function first(snapshots: readonly Snapshot[]): Snapshot {
  const snapshot = snapshots[0];
  if (snapshot === undefined) throw new Error('no snapshots');
  return snapshot;
}

function last(snapshots: readonly Snapshot[]): Snapshot {
  return snapshots.at(-1) ?? first(snapshots);
}
