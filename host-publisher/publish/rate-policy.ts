/** What is known of the path at one moment; null: nothing new. */
export type PathObservation =
  | {
      readonly by: 'transport';
      readonly loss: number | null;
      readonly queueMs: number | null;
      readonly arrivedKbps: number | null;
      readonly rembKbps: number | null;
    }
  | { readonly by: 'reports'; readonly loss: number | null; readonly rembKbps: number | null };

/** Between what the target moves. */
export interface RateLimits {
  readonly leastKbps: number;
  readonly mostKbps: number;
}

/** How often the policy is asked. */
export const POLICY_PERIOD_MS = 250;
const LONG_QUEUE_MS = 80;
const SHORT_QUEUE_MS = 30;
const HEAVY_LOSS = 0.1;
const LIGHT_LOSS = 0.02;
/** Where only loss is known. */
const REPORTED_LOSS_HIGH = 0.05;

/**
 * The next target rate: fast down, slow up. With transport-wide feedback a queue above 80 ms or loss
 * above 10 % takes it to 85 % of what arrives, and a queue below 30 ms with less than 2 % loss adds 4 %
 * and 10 kbit/s. With receiver reports alone, loss above 5 % takes it to 80 %, below 2 % adds 10 %.
 */
export function nextTargetKbps(
  targetKbps: number,
  seen: PathObservation,
  limits: RateLimits,
): number {
  const wanted =
    seen.by === 'transport' ? byTransport(targetKbps, seen) : byReports(targetKbps, seen.loss);
  const ceiling = Math.min(limits.mostKbps, seen.rembKbps ?? Infinity);
  return Math.round(Math.max(limits.leastKbps, Math.min(ceiling, wanted)));
}

function byTransport(
  targetKbps: number,
  seen: Extract<PathObservation, { by: 'transport' }>,
): number {
  if (seen.loss === null || seen.queueMs === null) return targetKbps;
  if (seen.queueMs > LONG_QUEUE_MS || seen.loss > HEAVY_LOSS) {
    return 0.85 * Math.min(targetKbps, seen.arrivedKbps ?? targetKbps);
  }
  const isFree = seen.queueMs < SHORT_QUEUE_MS && seen.loss < LIGHT_LOSS;
  return isFree ? targetKbps * 1.04 + 10 : targetKbps;
}

function byReports(targetKbps: number, loss: number | null): number {
  if (loss === null) return targetKbps;
  if (loss > REPORTED_LOSS_HIGH) return targetKbps * 0.8;
  return loss < LIGHT_LOSS ? targetKbps * 1.1 : targetKbps;
}
