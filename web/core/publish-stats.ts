import { StatsIndex, bitrateBps } from './stats-entry.ts';
import type { StatsEntry, StatsReport } from './stats-entry.ts';

/** What a publisher sends at this moment; null where the browser does not say. */
export interface PublishStats {
  readonly atMs: number;
  readonly bytesSent: number;
  readonly bitrateBps: number | null;
  /** Of the largest size that is sent. */
  readonly framesPerSecond: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly videoCodec: string | null;
  readonly audioCodec: string | null;
  /** `none`, `bandwidth`, `cpu` or `other`. */
  readonly limitation: string | null;
  readonly roundTripMs: number | null;
  /** 0 to 1, as the server reported it last. */
  readonly lossFraction: number | null;
}

/** Reads a sender's report; rates need the reading `before`. */
export function readPublishStats(
  report: StatsReport,
  before: PublishStats | null,
  atMs: number,
): PublishStats {
  const index = new StatsIndex(report);
  const layers = index.all('outbound-rtp', 'video');
  const video = largest(layers);
  const [audio] = index.all('outbound-rtp', 'audio');
  const remote = index.follow(video, 'remoteId') ?? index.all('remote-inbound-rtp')[0];
  const bytesSent = [...layers, audio].reduce(
    (sum, entry) => sum + (entry?.number('bytesSent') ?? 0),
    0,
  );
  const roundTripSeconds = remote?.number('roundTripTime');
  return {
    atMs,
    bytesSent,
    bitrateBps: bitrateBps(
      { bytes: bytesSent, atMs },
      before && { bytes: before.bytesSent, atMs: before.atMs },
    ),
    framesPerSecond: video?.number('framesPerSecond') ?? null,
    width: video?.number('frameWidth') ?? null,
    height: video?.number('frameHeight') ?? null,
    videoCodec: index.codecOf(video),
    audioCodec: index.codecOf(audio),
    limitation: video?.text('qualityLimitationReason') ?? null,
    roundTripMs: roundTripSeconds == null ? index.roundTripMs() : roundTripSeconds * 1000,
    lossFraction: remote?.number('fractionLost') ?? null,
  };
}

/** A layer that the browser holds back has no frame rate, or 0. */
function largest(layers: readonly StatsEntry[]): StatsEntry | undefined {
  const sent = layers.filter((layer) => (layer.number('framesPerSecond') ?? 0) > 0);
  const [first, ...rest] = sent.length > 0 ? sent : layers;
  const width = (layer: StatsEntry | undefined) => layer?.number('frameWidth') ?? 0;
  return rest.reduce((best, layer) => (width(layer) > width(best) ? layer : best), first);
}
