import type { Feedback } from './rtp/rtcp-read.ts';
import { roundTripMs } from './rtp/sender-report.ts';

/** What is known of the path at one moment; null: nothing new. */
export type PathObservation =
  | {
      readonly by: 'transport';
      /** 0 to 1 */
      readonly loss: number | null;
      /** The least queueing of any packet since the last look: bursts of single frames are left out. */
      readonly queueMs: number | null;
      /** Of the picture alone, repairs included. */
      readonly arrivedKbps: number | null;
      readonly rembKbps: number | null;
    }
  | { readonly by: 'reports'; readonly loss: number | null; readonly rembKbps: number | null };

interface Sent {
  readonly atMs: number;
  readonly bytes: number;
}

interface Arrival {
  readonly atMs: number;
  readonly bytes: number;
}

/** Sent packets that wait for their feedback; transport-wide numbers are 16 bits. */
const SENT_KEPT = 8_192;
/** Short, so that soon after a bottleneck appears all that is in it has come through that. */
const RATE_WINDOW_MS = 500;
/** Clocks drift: the least delay is that of the last one or two of these periods. */
const BASE_PERIOD_MS = 10_000;
const STALE_MS = 3_000;
const LEAST_REPAIR_MS = 25;
const COMPACT_NTP = 2 ** 32;

/** What the server's feedback says about the path to it. */
export class PathEstimate {
  readonly #sent = new Map<number, Sent>();
  #arrivals: Arrival[] = [];
  #base = { sinceMs: 0, leastMs: Infinity, formerMs: Infinity };
  #queueMs: number | null = null;
  #lastQueueMs = 0;
  #acknowledged = 0;
  #missing = 0;
  #transportAtMs = -Infinity;
  #reported: number | null = null;
  #remb: { kbps: number; atMs: number } | null = null;
  #rttMs: number | null = null;

  get rttMs(): number | null {
    return this.#rttMs;
  }

  /** How long a repair takes to be seen: a request for it before that asks for what is on its way. */
  get repairMs(): number {
    return Math.max(LEAST_REPAIR_MS, (this.#rttMs ?? 0) + this.#lastQueueMs);
  }

  /** Notes a packet that goes out, with what is in it of the picture. */
  sent(transportSequence: number, bytes: number, nowMs: number): void {
    const sequence = transportSequence & 0xffff;
    this.#sent.delete(sequence);
    this.#sent.set(sequence, { atMs: nowMs, bytes });
    if (this.#sent.size <= SENT_KEPT) return;
    for (const oldest of this.#sent.keys()) {
      this.#sent.delete(oldest);
      break;
    }
  }

  /** Takes one message; `wallMs` is the clock of the sender reports. */
  take(feedback: Feedback, nowMs: number, wallMs: number): void {
    if (feedback.type === 'remb') {
      this.#remb = { kbps: feedback.bitsPerSecond / 1000, atMs: nowMs };
    } else if (feedback.type === 'report') {
      this.#reported = Math.max(this.#reported ?? 0, feedback.fractionLost);
      const rttMs = roundTripMs(wallMs, feedback);
      if (rttMs !== null && rttMs < COMPACT_NTP) this.#rttMs = rttMs;
    } else if (feedback.type === 'transport') {
      this.#transportAtMs = nowMs;
      for (const { sequence, arrivedMs } of feedback.packets)
        this.#acknowledge(sequence, arrivedMs, nowMs);
    }
  }

  /** What was learnt since the last call. */
  observe(nowMs: number): PathObservation {
    const rembKbps =
      this.#remb !== null && nowMs - this.#remb.atMs < STALE_MS ? this.#remb.kbps : null;
    if (nowMs - this.#transportAtMs > STALE_MS) {
      const loss = this.#reported;
      this.#reported = null;
      return { by: 'reports', loss, rembKbps };
    }
    const total = this.#acknowledged + this.#missing;
    const loss = total === 0 ? null : this.#missing / total;
    const queueMs = this.#queueMs;
    [this.#acknowledged, this.#missing, this.#queueMs] = [0, 0, null];
    return { by: 'transport', loss, queueMs, arrivedKbps: this.#arrivedKbps(), rembKbps };
  }

  #acknowledge(sequence: number, arrivedMs: number | null, nowMs: number): void {
    const sent = this.#sent.get(sequence);
    if (sent === undefined) return;
    this.#sent.delete(sequence);
    if (arrivedMs === null) {
      this.#missing += 1;
      return;
    }
    this.#acknowledged += 1;
    const delayMs = arrivedMs - sent.atMs;
    if (nowMs - this.#base.sinceMs > BASE_PERIOD_MS) {
      this.#base = { sinceMs: nowMs, leastMs: delayMs, formerMs: this.#base.leastMs };
    }
    this.#base.leastMs = Math.min(this.#base.leastMs, delayMs);
    this.#lastQueueMs = delayMs - Math.min(this.#base.leastMs, this.#base.formerMs);
    this.#queueMs = Math.min(this.#queueMs ?? Infinity, this.#lastQueueMs);
    this.#arrivals.push({ atMs: arrivedMs, bytes: sent.bytes });
  }

  #arrivedKbps(): number | null {
    const newest = this.#arrivals.at(-1)?.atMs;
    if (newest === undefined) return null;
    this.#arrivals = this.#arrivals.filter(({ atMs }) => newest - atMs < RATE_WINDOW_MS);
    const oldest = this.#arrivals[0]?.atMs ?? newest;
    const spanMs = newest - oldest;
    if (spanMs < RATE_WINDOW_MS / 4) return null;
    // What came first came through the path before the span began.
    const bytes = this.#arrivals.reduce(
      (sum, arrival) => sum + (arrival.atMs > oldest ? arrival.bytes : 0),
      0,
    );
    return (bytes * 8) / spanMs;
  }
}
