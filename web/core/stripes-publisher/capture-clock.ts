/** How far two clocks of one machine may drift apart: 100 parts in a million. */
const DRIFT = 1e-4;

/**
 * Turns the timestamps of a track, which begin anywhere, into microseconds since 1970: by the
 * captured piece that came here fastest, as what comes later was only held up on its way.
 */
export class CaptureClock {
  #offsetUs: number | null = null;
  #heardUs = 0;

  /** Notes a piece that has come; both in microseconds, `nowUs` since 1970. */
  note(timestampUs: number, nowUs: number): void {
    const offsetUs = nowUs - timestampUs;
    const allowedUs =
      this.#offsetUs === null ? offsetUs : this.#offsetUs + (nowUs - this.#heardUs) * DRIFT;
    this.#offsetUs = Math.min(offsetUs, allowedUs);
    this.#heardUs = nowUs;
  }

  /** When it was captured; whole microseconds since 1970. Something must have been noted before. */
  capturedAtUs(timestampUs: number): number {
    return Math.max(0, Math.round(timestampUs + (this.#offsetUs ?? 0)));
  }
}
