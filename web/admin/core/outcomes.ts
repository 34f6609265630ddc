import { Observable } from '../../core/observable.ts';

/** What came of something that was done. */
export interface Outcome {
  readonly tone: 'done' | 'problem';
  readonly sentence: string;
}

/** The last thing that was done, told for a while. */
export class Outcomes {
  readonly last = new Observable<Outcome | null>(null);
  readonly #shownMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Problems stay until they are put away. */
  constructor(shownMs = 8_000) {
    this.#shownMs = shownMs;
  }

  tell(outcome: Outcome): void {
    clearTimeout(this.#timer);
    this.last.set(outcome);
    if (outcome.tone === 'done') this.#timer = setTimeout(() => this.clear(), this.#shownMs);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.last.set(null);
  }
}
