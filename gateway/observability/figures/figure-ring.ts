/** The newest samples of some figures at a fixed step; what is missing is NaN inside, null outside. */
export class FigureRing<Name extends string> {
  readonly stepMs: number;
  readonly #length: number;
  readonly #columns: ReadonlyMap<Name, Float64Array>;
  /** Steps since the epoch of the newest sample; null before the first. */
  #newest: number | null = null;

  constructor(names: readonly Name[], { stepMs, length }: { stepMs: number; length: number }) {
    this.stepMs = stepMs;
    this.#length = length;
    this.#columns = new Map(names.map((name) => [name, new Float64Array(length).fill(NaN)]));
  }

  /** Notes figures of the step that `at` (epoch milliseconds) is in; an older step is ignored. */
  note(at: number, sample: Readonly<Partial<Record<Name, number | null>>>): void {
    const step = Math.floor(at / this.stepMs);
    const newest = this.#newest ?? step - 1;
    if (step < newest) return;
    this.#newest = step;
    const skipped = Math.min(step - newest, this.#length);
    for (const [name, column] of this.#columns) {
      for (let back = 0; back < skipped; back += 1) column[(step - back) % this.#length] = NaN;
      column[step % this.#length] = sample[name] ?? NaN;
    }
  }

  /** The last `spanMs` up to the step of `at`, oldest first; `from` is the beginning of the first. */
  read(
    at: number,
    spanMs: number,
  ): { readonly from: number; readonly series: Readonly<Record<Name, (number | null)[]>> } {
    const end = Math.floor(at / this.stepMs);
    const count = Math.min(this.#length, Math.max(1, Math.round(spanMs / this.stepMs)));
    const first = end - count + 1;
    const series = {} as Record<Name, (number | null)[]>;
    for (const [name, column] of this.#columns) {
      series[name] = Array.from({ length: count }, (_, index) => this.#at(column, first + index));
    }
    return { from: first * this.stepMs, series };
  }

  #at(column: Float64Array, step: number): number | null {
    const newest = this.#newest;
    if (newest === null || step > newest || step <= newest - this.#length || step < 0) return null;
    const value = column[step % this.#length] ?? NaN;
    return Number.isNaN(value) ? null : value;
  }
}
