interface Anchor {
  readonly ntpMs: number;
  readonly rtp: number;
  readonly atMs: number;
}

/** NTP counts from 1900 (RFC 3550 §4), we count from 1970. */
export const NTP_EPOCH_MS = 2_208_988_800_000;

/**
 * Moves one publisher's NTP times onto this machine's clock by one constant, the same for its
 * audio and video: lip sync stays exact, and a later publisher with another clock does not jump.
 */
export class NtpShift {
  #shiftMs: number | null = null;

  toLocal(ntpMs: number, nowMs: number): number {
    this.#shiftMs ??= nowMs + NTP_EPOCH_MS - ntpMs;
    return ntpMs + this.#shiftMs;
  }
}

/** The relation of RTP time to wall time that a sender's last report stated. */
export class SenderClock {
  readonly #clockRate: number;
  #anchor: Anchor | null = null;

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  update(ntpMs: number, rtp: number, nowMs: number): void {
    this.#anchor = { ntpMs, rtp, atMs: nowMs };
  }

  reset(): void {
    this.#anchor = null;
  }

  /** The pair extrapolated to `nowMs`; null before the first report. */
  at(nowMs: number): { readonly ntpMs: number; readonly rtp: number } | null {
    if (this.#anchor === null) return null;
    const elapsed = nowMs - this.#anchor.atMs;
    return {
      ntpMs: this.#anchor.ntpMs + elapsed,
      rtp: (this.#anchor.rtp + Math.round((elapsed * this.#clockRate) / 1000)) >>> 0,
    };
  }
}
