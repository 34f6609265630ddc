/** How fast a sum grows, from one reading to the next; null at the first, and when it began anew. */
export class Rate {
  #before: { readonly sum: number; readonly at: number } | null = null;

  /** By milliseconds of any clock; a unit of the sum each second. */
  perSecond(sum: number | null, at: number): number | null {
    const before = this.#before;
    this.#before = sum === null ? null : { sum, at };
    if (before === null || sum === null || at <= before.at || sum < before.sum) return null;
    return ((sum - before.sum) * 1000) / (at - before.at);
  }
}
