/** More than a viewer may be sent without a receipt, so that a late one is known again. */
const REMEMBERED = 64;

/** How long a picture took to its receipt, and whether no other was on the way when it was begun. */
export interface Receipt {
  readonly ageMs: number;
  readonly wasAlone: boolean;
}

/** The pictures that a viewer was sent, and which of them it has not painted yet. */
export class Unpainted {
  /** Pictures begun, by the count of them. */
  readonly #begun = new Uint32Array(REMEMBERED);
  #begunCount = 0;
  /** Pictures sent whole, by the count of them. */
  readonly #frames = new Uint32Array(REMEMBERED);
  readonly #sentAt = new Float64Array(REMEMBERED);
  readonly #bytes = new Float64Array(REMEMBERED);
  readonly #alone = new Uint8Array(REMEMBERED);
  #sentCount = 0;
  #paintedCount = 0;
  #paintedAt = -Infinity;
  #isAlone = false;

  get count(): number {
    return this.#sentCount - this.#paintedCount;
  }

  /** The one that is waited for, and since when: it is painted after all that were sent before. */
  get oldest(): { readonly since: number; readonly bytes: number } | null {
    if (this.count === 0) return null;
    const index = this.#paintedCount % REMEMBERED;
    const sentAt = this.#sentAt[index] ?? 0;
    return { since: Math.max(sentAt, this.#paintedAt), bytes: this.#bytes[index] ?? 0 };
  }

  begin(frame: number): void {
    this.#begun[this.#begunCount % REMEMBERED] = frame;
    this.#begunCount += 1;
    this.#isAlone = this.count === 0;
  }

  /** The picture that was begun last is sent whole; from now on it can be painted. */
  complete(frame: number, now: number, bytes: number): void {
    this.#frames[this.#sentCount % REMEMBERED] = frame;
    this.#sentAt[this.#sentCount % REMEMBERED] = now;
    this.#bytes[this.#sentCount % REMEMBERED] = bytes;
    this.#alone[this.#sentCount % REMEMBERED] = this.#isAlone ? 1 : 0;
    this.#sentCount += 1;
  }

  /** Covers all up to this one; `again` when it was covered before, `never` when it was not sent. */
  receipt(frame: number, now: number): Receipt | 'again' | 'never' {
    for (let index = this.#sentCount - 1; index >= this.#paintedCount; index -= 1) {
      if (this.#frames[index % REMEMBERED] !== frame) continue;
      this.#paintedCount = index + 1;
      this.#paintedAt = now;
      const ageMs = now - (this.#sentAt[index % REMEMBERED] ?? now);
      return { ageMs, wasAlone: this.#alone[index % REMEMBERED] === 1 };
    }
    const known = this.#begun.subarray(0, Math.min(this.#begunCount, REMEMBERED));
    return known.includes(frame) ? 'again' : 'never';
  }

  /** No receipt is waited for any more. */
  forgive(): void {
    this.#paintedCount = this.#sentCount;
  }
}
