import type { PathObservation } from '../publish/path-estimate.ts';

/** Queueing beyond the path's least delay, the least of a period: a key frame's burst is none. */
const LONG_QUEUE_MS = 80;
const SHORT_QUEUE_MS = 30;
/** At once, without a second look: what is sent now arrives late, or is dropped at the queue's end. */
const FULL_QUEUE_MS = 200;
const LEAST_PAUSE_MS = 250;
const MOST_PAUSE_MS = 800;
/** The queue has grown since it was seen. */
const PAUSE_SHARE = 1.5;
const HEAVY_LOSS = 0.1;
const LIGHT_LOSS = 0.02;
/** Where only loss is known. */
const REPORTED_LOSS_HIGH = 0.05;
const REPORTED_DOWN = 0.8;
const REPORTED_UP = 1.1;
const REPORTED_UP_MS = 750;
const REPORTED_HOLD_MS = 3_000;
/** Reports come once a second, and may be read more often. */
const REPORTED_DOWN_GAP_MS = 900;

/** Shares of what the path was found to carry. */
const DRAIN_SHARE = 0.6;
const KEEP_SHARE = 0.85;
/** So far above it without a queue the path is another one. */
const FORGET_SHARE = 1.15;
const CAREFUL_CLIMB = { factor: 1.02, kbps: 2 };
const FREE_CLIMB = { factor: 1.06, kbps: 10 };
const HOLD_MS = 4_000;
const DRAIN_MS = 2_500;
/** A sender that uses less of its target does not show that the path carries more. */
const USED_SHARE = 0.5;

/** Less arrives than the path carried, and the delay stays within so much for so many looks: the path is longer. */
const STEADY_MS = 20;
const STEADY_LOOKS = 5;

/** Between what a rate moves. */
export interface RateLimits {
  readonly leastKbps: number;
  readonly mostKbps: number;
}

/** The rate that the path to the media server bears, as far as it is known. */
export interface PathRate {
  readonly kbps: number;
  /** What arrived when the path was last full; null: not known to be narrow. */
  readonly capacityKbps: number | null;
  /** Sends no frame until then: the queue empties by as much as time passes. */
  readonly pausedUntilMs: number;
  /** Climbs no earlier. */
  readonly holdUntilMs: number;
  /** Rounds in a row that saw a long queue. */
  readonly longRounds: number;
  /** A delay that has been taken for a longer path since. */
  readonly longerMs: number;
  /** How the path's queue is emptied; null: it is not. */
  readonly drain: Drain | null;
}

interface Drain {
  readonly untilMs: number;
  /** What arrived before. */
  readonly formerKbps: number;
  readonly queueMs: number;
  /** Looks in a row that saw about that queue. */
  readonly looks: number;
}

export const startRate = (kbps: number): PathRate => ({
  kbps,
  capacityKbps: null,
  pausedUntilMs: -Infinity,
  holdUntilMs: -Infinity,
  longRounds: 0,
  longerMs: 0,
  drain: null,
});

/** What the path will bear once its queue is empty. */
export const sustainedKbps = ({ kbps, capacityKbps, drain: draining }: PathRate): number =>
  draining === null || capacityKbps === null ? kbps : KEEP_SHARE * capacityKbps;

/** The rate after one more look at the path. See docs/adaptation.md. */
export function nextPathRate(
  rate: PathRate,
  seen: PathObservation,
  limits: RateLimits,
  nowMs: number,
): PathRate {
  const next =
    seen.by === 'transport' ? byTransport(rate, seen, nowMs) : byReports(rate, seen.loss, nowMs);
  const ceiling = Math.min(limits.mostKbps, seen.rembKbps ?? Infinity);
  return { ...next, kbps: Math.round(Math.max(limits.leastKbps, Math.min(ceiling, next.kbps))) };
}

type TransportSeen = Extract<PathObservation, { by: 'transport' }>;

function byTransport(rate: PathRate, seen: TransportSeen, nowMs: number): PathRate {
  const { loss, queueMs: delayMs } = seen;
  if (loss === null || delayMs === null) return rate;
  const longerMs = Math.min(rate.longerMs, delayMs);
  const queueMs = delayMs - longerMs;
  const longRounds = queueMs > LONG_QUEUE_MS ? rate.longRounds + 1 : 0;
  const looked = { ...rate, longRounds, longerMs };
  if (rate.drain !== null) return drain(looked, rate.drain, seen, queueMs, nowMs);
  const arrivedKbps = Math.min(rate.kbps, seen.arrivedKbps ?? rate.kbps);
  if (longRounds >= 2 || queueMs > FULL_QUEUE_MS) {
    return startDrain(looked, arrivedKbps, queueMs, nowMs);
  }
  if (loss > HEAVY_LOSS) return keepBelow(looked, arrivedKbps, nowMs);
  const isFree = queueMs < SHORT_QUEUE_MS && loss < LIGHT_LOSS;
  const isUsed = (seen.arrivedKbps ?? 0) >= USED_SHARE * rate.kbps;
  return isFree && nowMs >= rate.holdUntilMs ? climb(looked, isUsed) : looked;
}

function climb(rate: PathRate, isUsed: boolean): PathRate {
  const capacityKbps =
    rate.capacityKbps !== null && rate.kbps > FORGET_SHARE * rate.capacityKbps
      ? null
      : rate.capacityKbps;
  const { factor, kbps } = capacityKbps === null && isUsed ? FREE_CLIMB : CAREFUL_CLIMB;
  return { ...rate, capacityKbps, kbps: rate.kbps * factor + kbps };
}

function startDrain(
  rate: PathRate,
  capacityKbps: number,
  queueMs: number,
  nowMs: number,
): PathRate {
  const pauseMs = Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, PAUSE_SHARE * queueMs));
  return {
    ...rate,
    capacityKbps,
    kbps: DRAIN_SHARE * capacityKbps,
    pausedUntilMs: queueMs > FULL_QUEUE_MS ? nowMs + pauseMs : rate.pausedUntilMs,
    drain: {
      untilMs: nowMs + DRAIN_MS,
      formerKbps: rate.drain?.formerKbps ?? capacityKbps,
      queueMs,
      looks: 1,
    },
  };
}

function drain(
  looked: PathRate,
  former: Drain,
  seen: TransportSeen,
  queueMs: number,
  nowMs: number,
): PathRate {
  const now = nextDrain(former, seen, queueMs);
  if (now.looks >= STEADY_LOOKS && queueMs > LONG_QUEUE_MS) {
    const longer = { ...looked, longerMs: looked.longerMs + queueMs };
    return keepBelow(longer, now.formerKbps, nowMs);
  }
  const rate = { ...looked, drain: now };
  const known = rate.capacityKbps ?? rate.kbps;
  // As long as the queue is long, what arrives is what the path carries.
  const capacityKbps = queueMs > LONG_QUEUE_MS ? Math.min(known, seen.arrivedKbps ?? known) : known;
  const isOver = nowMs >= now.untilMs;
  if (isOver && queueMs > LONG_QUEUE_MS)
    return startDrain(rate, DRAIN_SHARE * capacityKbps, queueMs, nowMs);
  if (isOver || queueMs < SHORT_QUEUE_MS) return keepBelow(rate, capacityKbps, nowMs);
  return { ...rate, capacityKbps, kbps: DRAIN_SHARE * capacityKbps };
}

function nextDrain(former: Drain, seen: TransportSeen, queueMs: number): Drain {
  const isLess = (seen.arrivedKbps ?? 0) < KEEP_SHARE * former.formerKbps;
  const isSteady =
    isLess && Math.abs(queueMs - former.queueMs) <= STEADY_MS && (seen.loss ?? 0) < LIGHT_LOSS;
  return isSteady ? { ...former, looks: former.looks + 1 } : { ...former, queueMs, looks: 1 };
}

function keepBelow(rate: PathRate, capacityKbps: number, nowMs: number): PathRate {
  return {
    ...rate,
    kbps: KEEP_SHARE * capacityKbps,
    capacityKbps,
    drain: null,
    longRounds: 0,
    holdUntilMs: nowMs + HOLD_MS,
  };
}

function byReports(rate: PathRate, loss: number | null, nowMs: number): PathRate {
  if (loss === null) return rate;
  if (loss > REPORTED_LOSS_HIGH) {
    const steppedAtMs = rate.holdUntilMs - REPORTED_HOLD_MS;
    if (nowMs - steppedAtMs < REPORTED_DOWN_GAP_MS) return rate;
    const kbps = rate.kbps * Math.min(REPORTED_DOWN, 1 - loss);
    return { ...startRate(kbps), holdUntilMs: nowMs + REPORTED_HOLD_MS };
  }
  if (loss >= LIGHT_LOSS || nowMs < rate.holdUntilMs) return rate;
  return { ...startRate(rate.kbps * REPORTED_UP), holdUntilMs: nowMs + REPORTED_UP_MS };
}
