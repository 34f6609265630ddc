import type { ReportBlock } from './rtcp-write.ts';

/** Receiver statistics of one SSRC, as RFC 3550 A.3 and A.8 compute them. */
export class Reception {
  readonly #ssrc: number;
  readonly #clockRate: number;
  #base: number | null = null;
  #highest = 0;
  #received = 0;
  #expectedPrior = 0;
  #receivedPrior = 0;
  #jitter = 0;
  #transit: number | null = null;
  #report: { readonly compactNtp: number; readonly atMs: number } | null = null;

  constructor(ssrc: number, clockRate: number) {
    this.#ssrc = ssrc;
    this.#clockRate = clockRate;
  }

  /** Counts a packet that came on the stream's own SSRC (not a retransmission). */
  arrived(sequence: number, timestamp: number, nowMs: number): void {
    this.#base ??= sequence;
    if (sequence > this.#highest) this.#highest = sequence;
    this.#received += 1;
    const transit = ((nowMs * this.#clockRate) / 1000 - timestamp) % 0x1_0000_0000;
    if (this.#transit !== null) {
      const change = Math.abs(transit - this.#transit);
      const distance = Math.min(change, 0x1_0000_0000 - change);
      // A jump of more than ten seconds is a new timestamp base, not jitter.
      if (distance < 10 * this.#clockRate) this.#jitter += (distance - this.#jitter) / 16;
    }
    this.#transit = transit;
  }

  /** Remembers the sender's report for LSR and DLSR. */
  reported(compactNtp: number, nowMs: number): void {
    this.#report = { compactNtp, atMs: nowMs };
  }

  /** The report block for the interval since the last call; null before the first packet. */
  block(nowMs: number): ReportBlock | null {
    if (this.#base === null) return null;
    const expected = this.#highest - this.#base + 1;
    const expectedNow = expected - this.#expectedPrior;
    const lostNow = expectedNow - (this.#received - this.#receivedPrior);
    this.#expectedPrior = expected;
    this.#receivedPrior = this.#received;
    const fraction = expectedNow > 0 && lostNow > 0 ? Math.floor((lostNow * 256) / expectedNow) : 0;
    const lost = Math.max(-0x800000, Math.min(0x7fffff, expected - this.#received));
    const since = this.#report === null ? 0 : ((nowMs - this.#report.atMs) * 65536) / 1000;
    return {
      ssrc: this.#ssrc,
      fractionLost: Math.min(255, fraction),
      lost,
      // Unwrapped numbers start one cycle up.
      highestSequence: (this.#highest - 0x10000) % 0x1_0000_0000,
      jitter: Math.round(this.#jitter),
      lastReport: this.#report?.compactNtp ?? 0,
      sinceLastReport: Math.min(0xffffffff, Math.round(since)),
    };
  }
}
