/** What one second of encoding came to. */
export interface EncodeFigures {
  readonly frames: number;
  readonly stripes: number;
  readonly unchanged: number;
  readonly bytes: number;
  /** Pictures that encoder or uplink had no room for. */
  readonly heldBack: number;
  /** From its turn to the last stripe encoded, ms: mean and largest. */
  readonly encodeMs: number;
  readonly encodeMaxMs: number;
}

/** Counts between two readings. */
export class StreamFigures {
  heldBack = 0;
  #frames = 0;
  #stripes = 0;
  #unchanged = 0;
  #bytes = 0;
  #encodeMs = 0;
  #encodeMaxMs = 0;
  readonly #begun = new Map<number, number>();

  /** A picture, by its capture time, goes into the encoder. */
  begin(capturedAtUs: number, nowMs: number): void {
    this.#begun.set(capturedAtUs, nowMs);
  }

  /** It has come out. */
  end(
    capturedAtUs: number,
    nowMs: number,
    sent: { readonly stripes: number; readonly unchanged: number; readonly bytes: number },
  ): void {
    const tookMs = Math.max(0, nowMs - (this.#begun.get(capturedAtUs) ?? nowMs));
    this.#begun.delete(capturedAtUs);
    if (sent.stripes > 0) this.#frames += 1;
    this.#stripes += sent.stripes;
    this.#unchanged += sent.unchanged;
    this.#bytes += sent.bytes;
    this.#encodeMs += tookMs;
    this.#encodeMaxMs = Math.max(this.#encodeMaxMs, tookMs);
  }

  /** What is under way will not come out. */
  abandon(): void {
    this.#begun.clear();
  }

  /** What came since the last reading. */
  read(): EncodeFigures {
    const figures = {
      frames: this.#frames,
      stripes: this.#stripes,
      unchanged: this.#unchanged,
      bytes: this.#bytes,
      heldBack: this.heldBack,
      encodeMs: this.#frames === 0 ? 0 : this.#encodeMs / this.#frames,
      encodeMaxMs: this.#encodeMaxMs,
    };
    this.heldBack = this.#frames = this.#stripes = this.#unchanged = this.#bytes = 0;
    this.#encodeMs = this.#encodeMaxMs = 0;
    return figures;
  }
}
