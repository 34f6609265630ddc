import type { MediaReport } from '../protocol/media/media-messages.ts';
import type { ViewerTally } from './viewer-tally.ts';

/** What the viewers together make of the last second. */
export function mediaReport(tallies: readonly ViewerTally[]): MediaReport {
  const painted = tallies.filter(({ painted }) => painted > 0);
  const ages = painted.map(({ ageMs, painted: count }) => ageMs / count).toSorted(ascending);
  const shown = tallies.filter(({ sent, skipped }) => sent + skipped > 0);
  const shares = shown.map(({ sent, skipped }) => skipped / (sent + skipped)).toSorted(ascending);
  return {
    viewers: tallies.length,
    paintedMedianMs: round(at(ages, 0.5), 10),
    paintedUpperMs: round(at(ages, 0.75), 10),
    skippedMedian: round(at(shares, 0.5), 1000),
    skippedUpper: round(at(shares, 0.75), 1000),
  };
}

const ascending = (a: number, b: number): number => a - b;

/** The value that so great a share of them is below; 0 without any. */
const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

const round = (value: number, parts: number): number => Math.round(value * parts) / parts;
