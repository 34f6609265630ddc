import type { ToMedia } from '../media/messages.ts';
import type { Injection } from './injection.ts';
import { DEVICES } from '../../gateway/protocol/control-terms.ts';
import type { Injector } from './injector.ts';

/** So many messages may be on their way to a media process; of one that hangs no more are kept. */
const MOST_UNDER_WAY = 64;

export interface CubeInjectorParts {
  /** False when no media process is there; else `sent` is called once it has left this process. */
  readonly toMedia: (message: ToMedia, sent: () => void) => boolean;
  readonly onReset: () => void;
}

/** Input of the cube, which the media process paints: away while nothing is published. */
export class CubeInjector implements Injector {
  readonly ready = Promise.resolve();
  readonly devices = DEVICES;
  readonly #parts: CubeInjectorParts;
  #isLive = false;
  #underWay = 0;
  /** Acts were lost: before the next ones whatever is held there is let go. */
  #isFresh = false;

  constructor(parts: CubeInjectorParts) {
    this.#parts = parts;
  }

  live(isLive: boolean): void {
    this.#isLive = isLive;
    this.#underWay = 0;
    this.#lose();
  }

  inject(acts: readonly Injection[], done: () => void): void {
    if (!this.#send(acts, done)) {
      this.#lose();
      done();
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #send(acts: readonly Injection[], done: () => void): boolean {
    if (!this.#isLive || this.#underWay >= MOST_UNDER_WAY) return false;
    this.#underWay += 1;
    const message = { type: 'input', fresh: this.#isFresh, acts } as const;
    const isSent = this.#parts.toMedia(message, () => {
      this.#underWay = Math.max(0, this.#underWay - 1);
      done();
    });
    if (isSent) this.#isFresh = false;
    return isSent;
  }

  #lose(): void {
    this.#isFresh = true;
    this.#parts.onReset();
  }
}
