import type { XEvent } from 'x11';
import type { X11Connection } from './x11-connection.ts';

/** The events of interest, one after the other, kept until they are asked for. */
export class WindowEvents {
  readonly #waiting: XEvent[] = [];
  readonly #stop: () => void;
  #wake: (() => void) | null = null;

  constructor(x11: X11Connection, isWanted: (event: XEvent) => boolean) {
    this.#stop = x11.listen((event) => {
      if (!isWanted(event)) return;
      this.#waiting.push(event);
      this.#wake?.();
    });
  }

  /** The next one; null when none came in time. */
  async next(withinMs: number): Promise<XEvent | null> {
    if (this.#waiting.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = null;
    }
    return this.#waiting.shift() ?? null;
  }

  close(): void {
    this.#stop();
    this.#wake?.();
  }
}
