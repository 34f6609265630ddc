import { Counter, Histogram, type Registry } from 'prom-client';
import type { PlayerReport } from '../protocol/viewer.ts';
import type { ObserveReport } from '../rooms/hosts/viewer-seat.ts';

/** Seconds; a picture of this machine is to be seen within 0.045 s. */
const GLASS_BUCKETS = [0.02, 0.03, 0.045, 0.06, 0.08, 0.12, 0.2, 0.3, 0.5, 1, 2, 5, 10];
const SHARE_BUCKETS = [0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
/** Seconds; a picture that takes longer than 0.033 s to decode comes late at 30 a second. */
const SHORT_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.033, 0.05, 0.1, 0.2, 0.5, 1];

/** What players measure, over all of them; each report is of some two seconds. */
export function recordPlayers(registry: Registry): ObserveReport {
  const registers = [registry];
  const labelNames = ['transport'] as const;
  const counter = (name: string, help: string) =>
    new Counter({ name: `pixelcast_player_${name}_total`, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `pixelcast_player_${name}`, help, labelNames, buckets, registers });
  const reports = counter('reports', 'Reports of players that counted.');
  const freezes = counter('freezes', 'Times that a picture stood still although more was to come.');
  const frozen = counter('freeze_seconds', 'For how long pictures stood still in all.');
  const frames = new Counter({
    name: 'pixelcast_player_frames_total',
    help: 'Pictures that players received, decoded and dropped.',
    labelNames: ['transport', 'what'] as const,
    registers,
  });
  const glass = histogram(
    'glass_to_glass_seconds',
    'From capture to screen by the clocks of both machines, as players tell.',
    GLASS_BUCKETS,
  );
  const loss = histogram(
    'loss_ratio',
    'Share of packets lost on the way to a player.',
    SHARE_BUCKETS,
  );
  const jitter = histogram('jitter_seconds', 'Jitter of packets at a player.', SHORT_BUCKETS);
  const decode = histogram('decode_seconds', 'Mean time to decode a picture.', SHORT_BUCKETS);

  return (report: PlayerReport, transport) => {
    reports.inc({ transport });
    freezes.inc({ transport }, report.freezes);
    frozen.inc({ transport }, report.freezeMs / 1000);
    frames.inc({ transport, what: 'received' }, report.framesReceived);
    frames.inc({ transport, what: 'decoded' }, report.framesDecoded);
    frames.inc({ transport, what: 'dropped' }, report.framesDropped);
    loss.observe({ transport }, report.loss);
    jitter.observe({ transport }, report.jitterMs / 1000);
    if (report.framesDecoded > 0) decode.observe({ transport }, report.decodeMs / 1000);
    if (report.latencyMs !== undefined) glass.observe({ transport }, report.latencyMs / 1000);
  };
}
