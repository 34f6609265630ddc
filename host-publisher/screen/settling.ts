/** How long a wish must stand; each one that is done doubles it. */
const SHORTEST_MS = 80;
const LONGEST_MS = 1_280;
/** After so long without a wish it is short again. */
const CALM_MS = 2_000;

/** Does what is wished once the wishes have settled, one at a time, and less and less often in a storm. */
export class Settling<T> {
  readonly #apply: (wish: T) => Promise<void>;
  readonly #now: () => number;
  #waitMs = SHORTEST_MS;
  #wishedAtMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  /** `apply` fails nothing. */
  constructor(apply: (wish: T) => Promise<void>, now: () => number = () => performance.now()) {
    this.#apply = apply;
    this.#now = now;
  }

  /** Replaces the wish before; `leastMs`: it stands for so long at least. */
  wish(wish: T, leastMs = 0): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    const nowMs = this.#now();
    if (nowMs - this.#wishedAtMs >= CALM_MS) this.#waitMs = SHORTEST_MS;
    this.#wishedAtMs = nowMs;
    this.#timer = setTimeout(() => this.#do(wish), Math.max(this.#waitMs, leastMs));
  }

  /** Resolves when what was begun is done; nothing begins any more. */
  close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    return this.#work;
  }

  #do(wish: T): void {
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_MS);
    this.#work = this.#work.then(() => this.#apply(wish));
  }
}
