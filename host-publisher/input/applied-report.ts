import type { InputApplied } from '../../gateway/protocol/input.ts';

/** At most 60 a second of each epoch. */
const PACE_MS = Math.ceil(1000 / 60);

/** Tells what was applied: the first at once, then the newest at a pace. */
export class AppliedReport {
  readonly #send: (message: InputApplied) => void;
  readonly #waiting = new Map<number, InputApplied>();
  readonly #timers = new Map<number, NodeJS.Timeout>();

  constructor(send: (message: InputApplied) => void) {
    this.#send = send;
  }

  tell(message: InputApplied): void {
    if (this.#timers.has(message.epoch)) this.#waiting.set(message.epoch, message);
    else this.#tellNow(message);
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#waiting.clear();
  }

  #tellNow(message: InputApplied): void {
    const { epoch } = message;
    this.#waiting.delete(epoch);
    this.#send(message);
    const goOn = (): void => {
      this.#timers.delete(epoch);
      const next = this.#waiting.get(epoch);
      if (next !== undefined) this.#tellNow(next);
    };
    this.#timers.set(epoch, setTimeout(goOn, PACE_MS));
  }
}
