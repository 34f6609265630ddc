import { Observable } from '../../core/observable.ts';

/** The time of this machine, once a second for as long as somebody looks at it. */
class Clock extends Observable<number> {
  #timer: ReturnType<typeof setInterval> | undefined;
  #watchers = 0;

  readonly watch = (listener: () => void): (() => void) => {
    const off = this.subscribe(listener);
    this.#watchers += 1;
    this.#timer ??= setInterval(() => this.set(Date.now()), 1_000);
    return () => {
      off();
      this.#watchers -= 1;
      if (this.#watchers > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  };
}

/** One for all of the page. */
export const clock = new Clock(Date.now());
