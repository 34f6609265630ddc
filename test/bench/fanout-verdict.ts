import type { FanoutStep } from './fanout-sweep.ts';

/** What these figures need of a measured crowd. */
export type CarriedCrowd = Pick<
  FanoutStep,
  'viewers' | 'cpuShare' | 'keptShare' | 'microsecondsPerPacket' | 'rssBytes' | 'rssPerViewer'
>;

/** A server that falls behind pays more for each packet, and a core would not carry that crowd. */
export function isCarried({ keptShare }: CarriedCrowd): boolean {
  return keptShare >= 0.99;
}

/** From the largest crowd that was carried; NaN when none was. */
export function viewersPerCore(steps: readonly CarriedCrowd[]): number {
  const largest = steps.filter(isCarried).at(-1);
  return largest === undefined ? Number.NaN : largest.viewers / largest.cpuShare;
}

/**
 * Between the first crowd and the last: before, JIT and heap grow for other reasons. Of a single
 * crowd, all that came since the start.
 */
export function bytesPerViewer(steps: readonly CarriedCrowd[]): number {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return Number.NaN;
  const more = last.viewers - first.viewers;
  return more > 0 ? (last.rssBytes - first.rssBytes) / more : last.rssPerViewer;
}

/** CPU per packet of one server against another's; null unless both carried the same crowd. */
export function costRatio(step: CarriedCrowd, other: CarriedCrowd | undefined): number | null {
  if (other?.viewers !== step.viewers || !isCarried(step) || !isCarried(other)) return null;
  const ratio = step.microsecondsPerPacket / other.microsecondsPerPacket;
  return Number.isFinite(ratio) && ratio > 0 ? ratio : null;
}
