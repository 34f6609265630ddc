import { GatewayError } from '../errors.ts';

const KEPT = 20;
const MAX_STEPS = 100;

/** What is done to containers. */
export type WorkKind = 'start' | 'add' | 'take-away' | 'tidy' | 'upgrade' | 'repair';

/** One piece of work, with what was done of it. */
export interface Work {
  readonly kind: WorkKind;
  readonly container: string;
  /** `sub` of who asked for it; null: the load or the template did. */
  readonly by: string | null;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Null: it is not over. */
  readonly ok: boolean | null;
  readonly steps: readonly string[];
}

export type WorkWish = Pick<Work, 'kind' | 'container' | 'by'>;

/** Work at containers: one piece at a time, and what became of the last ones. */
export class WorkBench {
  readonly #now: () => number;
  readonly #onDone: ((work: Work) => void)[] = [];
  #works: readonly Work[] = [];
  #running: Promise<void> | undefined;

  constructor(deps: { readonly now: () => number; readonly onDone: (work: Work) => void }) {
    this.#now = deps.now;
    this.#onDone.push(deps.onDone);
  }

  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  /** Tells of each piece of work that is over. */
  observe(told: (work: Work) => void): void {
    this.#onDone.push(told);
  }

  /** The newest first. */
  list(): readonly Work[] {
    return this.#works;
  }

  /** @throws GatewayError `docker-busy` */
  requireIdle(): void {
    if (this.isBusy) {
      throw new GatewayError(
        'docker-busy',
        'Something else is being done to containers. Wait for it.',
        {
          retryAfterSeconds: 5,
        },
      );
    }
  }

  /**
   * Begins a piece of work, which resolves with whether it went well. Its steps are told as it goes on.
   * @throws GatewayError `docker-busy`
   */
  begin(wish: WorkWish, deed: (step: (sentence: string) => void) => Promise<boolean>): void {
    this.requireIdle();
    let work: Work = { ...wish, startedAt: this.#now(), endedAt: null, ok: null, steps: [] };
    const put = (next: Work): void => {
      this.#works = [next, ...this.#works.filter((each) => each !== work)].slice(0, KEPT);
      work = next;
    };
    put(work);
    const step = (sentence: string): void => {
      if (work.steps.length < MAX_STEPS) put({ ...work, steps: [...work.steps, sentence] });
    };
    this.#running = deed(step)
      .catch((error: unknown) => {
        step(error instanceof Error ? error.message : String(error));
        return false;
      })
      .then((ok) => {
        this.#running = undefined;
        put({ ...work, ok, endedAt: this.#now() });
        for (const told of this.#onDone) told(work);
      });
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#running;
  }
}
