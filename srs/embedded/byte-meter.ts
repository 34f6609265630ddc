const WINDOW_MS = 30_000;

/**
 * Counts bytes both ways and tells SRS's 30-second averages, which are 0 until a sample of that age
 * exists.
 */
export class ByteMeter {
  sentBytes = 0;
  receivedBytes = 0;
  #samples: { readonly at: number; readonly sent: number; readonly received: number }[] = [];

  add(sent: number, received: number): void {
    this.sentBytes += sent;
    this.receivedBytes += received;
  }

  /** Call every few seconds: remembers the counters for the averages. */
  sample(nowMs: number): void {
    this.#samples.push({ at: nowMs, sent: this.sentBytes, received: this.receivedBytes });
    // One sample older than the window stays: it is the base of the average.
    while ((this.#samples[1]?.at ?? Infinity) <= nowMs - WINDOW_MS) this.#samples.shift();
  }

  kbps(nowMs: number): { readonly recv_30s: number; readonly send_30s: number } {
    const base = this.#samples[0];
    if (base === undefined || base.at > nowMs - WINDOW_MS) return { recv_30s: 0, send_30s: 0 };
    const perSecond = (bytes: number): number => Math.round((bytes * 8) / (nowMs - base.at));
    return {
      recv_30s: perSecond(this.receivedBytes - base.received),
      send_30s: perSecond(this.sentBytes - base.sent),
    };
  }
}
