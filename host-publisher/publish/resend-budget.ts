/** Share of the target rate that repairs may take: a full queue is not mended by filling it. */
const SHARE = 0.2;
const BURST_MS = 250;

/** How many bytes may be sent again, by the present target rate. */
export class ResendBudget {
  #bytes = Infinity;
  #atMs = 0;

  /** Takes the bytes of one packet, or says that they are too many now. */
  take(bytes: number, nowMs: number, targetKbps: number): boolean {
    const bytesPerMs = (SHARE * targetKbps) / 8;
    const saved = this.#bytes + (nowMs - this.#atMs) * bytesPerMs;
    this.#bytes = Math.min(BURST_MS * bytesPerMs, saved);
    this.#atMs = nowMs;
    if (this.#bytes < bytes) return false;
    this.#bytes -= bytes;
    return true;
  }
}
