import type { AudienceReport } from '../../protocol/host.ts';
import { REPORT_SECONDS } from '../../protocol/viewer-protocol.ts';
import type { PlayerReport } from '../../protocol/viewer.ts';

/** Loss above which no retransmission makes up for it in time. */
const MUCH_LOSS = 0.05;

/** What players measured, as one: `viewers` are all who watch, `reports` the last one of each who told. */
export function audienceReport(viewers: number, reports: readonly PlayerReport[]): AudienceReport {
  const losses = sorted(reports, ({ loss }) => loss);
  return {
    viewers,
    reporting: reports.length,
    lossMedian: median(losses),
    lossUpper: losses[Math.floor(losses.length * 0.75)] ?? 0,
    jitterMedianMs: median(sorted(reports, ({ jitterMs }) => jitterMs)),
    decodeMedianMs: median(sorted(reports, ({ decodeMs }) => decodeMs)),
    freezing: share(reports, ({ freezes, freezeMs }) => freezes > 0 || freezeMs > 0),
    losing: share(reports, ({ loss }) => loss > MUCH_LOSS),
    overloaded: share(reports, isOverloaded),
  };
}

/** Its decoder needs longer for a picture than the next one takes to come. */
const isOverloaded = ({ decodeMs, framesReceived }: PlayerReport): boolean =>
  decodeMs * framesReceived > REPORT_SECONDS * 1000;

const sorted = (
  reports: readonly PlayerReport[],
  figure: (report: PlayerReport) => number,
): Float64Array => Float64Array.from(reports, figure).sort();

function median(values: Float64Array): number {
  const middle = values.length / 2;
  const upper = values[Math.floor(middle)] ?? 0;
  return values.length % 2 === 1 ? upper : (upper + (values[middle - 1] ?? upper)) / 2;
}

const share = (
  reports: readonly PlayerReport[],
  holds: (report: PlayerReport) => boolean,
): number => (reports.length === 0 ? 0 : reports.filter(holds).length / reports.length);
