/** Values of a short while, for percentiles; when too many come, a fair choice of them. */
export class Window {
  readonly #most: number;
  readonly #random: () => number;
  #values: number[] = [];
  #seen = 0;

  constructor(most: number, random: () => number) {
    this.#most = most;
    this.#random = random;
  }

  note(value: number): void {
    this.#seen += 1;
    if (this.#values.length < this.#most) {
      this.#values.push(value);
      return;
    }
    const place = Math.floor(this.#random() * this.#seen);
    if (place < this.#most) this.#values[place] = value;
  }

  /** The values that half and 95 of 100 are at or below, and forgets all; null without any. */
  take(): { readonly p50: number | null; readonly p95: number | null } {
    const sorted = this.#values.toSorted((a, b) => a - b);
    this.#values = [];
    this.#seen = 0;
    const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
    return { p50: at(0.5), p95: at(0.95) };
  }
}
