/** Unchanged for so long, a row is still. */
const STILL_MS = 500;
/** An encoder that has so little to add is done. */
const SETTLED_BYTES = 200;

interface RowState {
  readonly changedAtMs: number;
  /** How often it is still to be encoded again. */
  readonly left: number;
}

/** Which rows are still and not yet as good as they get. */
export class StillRows {
  readonly #refinements: number;
  readonly #rows: RowState[];

  constructor(rows: number, refinements: number) {
    this.#refinements = refinements;
    this.#rows = Array.from({ length: rows }, () => ({ changedAtMs: Infinity, left: 0 }));
  }

  /** A row was sent as it is while it moves. */
  changed(index: number, nowMs: number): void {
    this.#rows[index] = { changedAtMs: nowMs, left: this.#refinements };
  }

  /** A row was sent once more, better, with so many bytes. */
  refined(index: number, bytes: number): void {
    const row = this.#rows[index];
    if (row === undefined) return;
    this.#rows[index] = { ...row, left: bytes <= SETTLED_BYTES ? 0 : row.left - 1 };
  }

  due(nowMs: number): readonly number[] {
    return [...this.#rows.keys()].filter((index) => this.#dueAtMs(index) <= nowMs);
  }

  /** When the next row is due; infinite: none will be. */
  get nextAtMs(): number {
    return Math.min(...this.#rows.map((_row, index) => this.#dueAtMs(index)));
  }

  #dueAtMs(index: number): number {
    const row = this.#rows[index];
    return row === undefined || row.left <= 0 ? Infinity : row.changedAtMs + STILL_MS;
  }
}
