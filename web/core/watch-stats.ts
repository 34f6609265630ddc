import { latencyByClock } from './clock-latency.ts';
import { StatsIndex, bitrateBps } from './stats-entry.ts';
import type { StatsEntry, StatsReport } from './stats-entry.ts';

/** What a viewer receives at this moment; null where the browser does not say. */
export interface WatchStats {
  readonly atMs: number;
  readonly bytesReceived: number;
  readonly bitrateBps: number | null;
  readonly framesPerSecond: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly videoCodec: string | null;
  readonly audioCodec: string | null;
  /** Mean time a frame waited in the jitter buffer since the reading before. */
  readonly jitterBufferMs: number | null;
  /** Of the packets, by the receiver (RFC 3550 §6.4.1). */
  readonly jitterMs: number | null;
  readonly roundTripMs: number | null;
  /** Of ICE, without addresses; null: not told, or no path of packets. */
  readonly path: PacketPath | null;
  /** Sender to screen: by the sender's clock where it is known, else the sum of the known parts. */
  readonly latencyMs: number | null;
  /** How much later than its picture sound is heard, ms; null where that is not known. */
  readonly soundLateMs: number | null;
  readonly packetsLost: number;
  readonly packetsReceived: number;
  readonly freezes: number;
  readonly framesDropped: number;
  /** Grows whenever a picture or a sound arrives. */
  readonly progress: number;
  readonly jitterBuffer: { readonly delaySeconds: number; readonly emitted: number };
}

/** The pair of candidates that media takes, by their types: `host`, `srflx`, `prflx` or `relay`. */
export interface PacketPath {
  readonly local: string;
  readonly remote: string;
  /** `udp` or `tcp`; to the TURN server, where there is one. */
  readonly protocol: string;
}

/** Reads a receiver's report; rates need the reading `before`. */
export function readWatchStats(
  report: StatsReport,
  before: WatchStats | null,
  atMs: number,
): WatchStats {
  const index = new StatsIndex(report);
  const [video] = index.all('inbound-rtp', 'video');
  const [audio] = index.all('inbound-rtp', 'audio');
  const bytesReceived =
    (video?.number('bytesReceived') ?? 0) + (audio?.number('bytesReceived') ?? 0);
  const jitterBuffer = readJitterBuffer(video ?? audio);
  const jitterBufferMs = meanDelayMs(jitterBuffer, before?.jitterBuffer ?? null);
  const roundTripMs = index.roundTripMs();
  return {
    atMs,
    bytesReceived,
    bitrateBps: bitrateBps(
      { bytes: bytesReceived, atMs },
      before && { bytes: before.bytesReceived, atMs: before.atMs },
    ),
    framesPerSecond: video?.number('framesPerSecond') ?? null,
    width: video?.number('frameWidth') ?? null,
    height: video?.number('frameHeight') ?? null,
    videoCodec: index.codecOf(video),
    audioCodec: index.codecOf(audio),
    jitterBufferMs,
    jitterMs: toMilliseconds((video ?? audio)?.number('jitter') ?? null),
    roundTripMs,
    path: readPath(index),
    latencyMs: latencyByClock(video ?? audio, atMs) ?? latencyByParts(roundTripMs, jitterBufferMs),
    soundLateMs: null,
    packetsLost: (video?.number('packetsLost') ?? 0) + (audio?.number('packetsLost') ?? 0),
    packetsReceived:
      (video?.number('packetsReceived') ?? 0) + (audio?.number('packetsReceived') ?? 0),
    freezes: video?.number('freezeCount') ?? 0,
    framesDropped: video?.number('framesDropped') ?? 0,
    progress: (video?.number('framesDecoded') ?? 0) + (audio?.number('packetsReceived') ?? 0),
    jitterBuffer,
  };
}

const toMilliseconds = (seconds: number | null): number | null =>
  seconds === null ? null : seconds * 1000;

function readPath(index: StatsIndex): PacketPath | null {
  const pair = index.usedPair();
  const local = index.follow(pair, 'localCandidateId');
  const remote = index.follow(pair, 'remoteCandidateId');
  const [from, to] = [local?.text('candidateType'), remote?.text('candidateType')];
  if (from == null || to == null) return null;
  const protocol = local?.text('relayProtocol') ?? local?.text('protocol') ?? '';
  return { local: from, remote: to, protocol };
}

function readJitterBuffer(entry: StatsEntry | undefined): WatchStats['jitterBuffer'] {
  return {
    delaySeconds: entry?.number('jitterBufferDelay') ?? 0,
    emitted: entry?.number('jitterBufferEmittedCount') ?? 0,
  };
}

function meanDelayMs(
  now: WatchStats['jitterBuffer'],
  before: WatchStats['jitterBuffer'] | null,
): number | null {
  const emitted = now.emitted - (before?.emitted ?? 0);
  const delaySeconds = now.delaySeconds - (before?.delaySeconds ?? 0);
  return emitted > 0 && delaySeconds >= 0 ? (delaySeconds / emitted) * 1000 : null;
}

function latencyByParts(roundTripMs: number | null, jitterBufferMs: number | null): number | null {
  // Two hops: sender to server is not known here and is taken to be as long as ours.
  return jitterBufferMs === null ? null : jitterBufferMs + (roundTripMs ?? 0);
}
