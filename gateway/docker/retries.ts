const PAUSES_MS = [0, 10_000, 60_000, 600_000] as const;

/** When something that failed is tried again: after 10 s, a minute, then every ten. */
export class Retries {
  readonly #now: () => number;
  readonly #failures = new Map<string, { readonly count: number; readonly at: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  isDue(what: string): boolean {
    const failed = this.#failures.get(what);
    if (failed === undefined) return true;
    const pause = PAUSES_MS[Math.min(failed.count, PAUSES_MS.length - 1)] ?? 0;
    return this.#now() - failed.at >= pause;
  }

  note(what: string, ok: boolean): void {
    if (ok) this.#failures.delete(what);
    else {
      const count = (this.#failures.get(what)?.count ?? 0) + 1;
      this.#failures.set(what, { count, at: this.#now() });
    }
  }
}
