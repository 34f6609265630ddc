const HALF = 32;

/** Rows of a picture by their number in its layout, 0 to 63. */
export class RowSet {
  #low = 0;
  #high = 0;

  get isEmpty(): boolean {
    return this.#low === 0 && this.#high === 0;
  }

  *[Symbol.iterator](): Generator<number> {
    for (let row = 0; row < 2 * HALF; row += 1) if (this.has(row)) yield row;
  }

  has(row: number): boolean {
    return ((row < HALF ? this.#low : this.#high) & (1 << (row % HALF))) !== 0;
  }

  add(row: number): void {
    if (row < HALF) this.#low |= 1 << row;
    else this.#high |= 1 << (row - HALF);
  }

  delete(row: number): void {
    if (row < HALF) this.#low &= ~(1 << row);
    else this.#high &= ~(1 << (row - HALF));
  }

  addAll(rows: RowSet): void {
    this.#low |= rows.#low;
    this.#high |= rows.#high;
  }

  clear(): void {
    this.#low = 0;
    this.#high = 0;
  }
}
