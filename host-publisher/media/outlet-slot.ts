import { toHostError } from '../host-error.ts';
import type { Capture, CaptureParts } from './capture.ts';
import type { CaptureDesk, CaptureLease } from './capture-desk.ts';
import type { FromMedia } from './messages.ts';
import type { MediaMode } from './plan.ts';

type Tell = (message: FromMedia) => void;

/** One mode's way out of a capture. */
interface Outlet {
  /** Settles when it has ended by itself; with a text, why. */
  readonly ended: Promise<unknown>;
  close(): Promise<void>;
}

export interface SlotParts {
  readonly mode: MediaMode;
  readonly desk: CaptureDesk;
  readonly tell: Tell;
}

/** Where one mode's outlet is: one after the other. What a released one still says is not told. */
export class OutletSlot<T extends Outlet> {
  readonly #parts: SlotParts;
  #outlet: T | null = null;
  #lease: CaptureLease | null = null;
  /** Ends a question that a release made needless; another one with each release. */
  #turn = new AbortController();

  constructor(parts: SlotParts) {
    this.#parts = parts;
  }

  get outlet(): T | null {
    return this.#outlet;
  }

  get capture(): Capture | null {
    return this.#lease?.capture ?? null;
  }

  /** Does a part of the present turn's work; its failure is the mode's. */
  async work(act: (tell: Tell) => Promise<void>): Promise<void> {
    const { signal } = this.#turn;
    const tell = (message: FromMedia): void => {
      if (!signal.aborted) this.#parts.tell(message);
    };
    try {
      await act(tell);
    } catch (error) {
      tell(this.#failure(error));
    }
  }

  /** Makes the outlet for what is captured; null: it was released meanwhile. */
  async fill(
    find: () => Promise<CaptureParts>,
    make: (capture: Capture) => T | Promise<T>,
  ): Promise<T | null> {
    const { signal } = this.#turn;
    const lease = await this.#parts.desk.lease(find, signal);
    let outlet: T;
    try {
      outlet = await make(lease.capture);
    } catch (error) {
      await lease.giveBack();
      throw error;
    }
    if (signal.aborted) {
      await outlet.close();
      await lease.giveBack();
      return null;
    }
    [this.#outlet, this.#lease] = [outlet, lease];
    void this.#watch(outlet, lease.capture, signal);
    return outlet;
  }

  /** Ends the outlet, and the capture if nobody else has it. */
  async release(): Promise<void> {
    this.#turn.abort();
    this.#turn = new AbortController();
    const [outlet, lease] = [this.#outlet, this.#lease];
    [this.#outlet, this.#lease] = [null, null];
    await outlet?.close();
    await lease?.giveBack();
  }

  async #watch(outlet: T, capture: Capture, signal: AbortSignal): Promise<void> {
    const { tell } = this.#parts;
    const said = await Promise.race([outlet.ended, capture.ended]).then(
      (why): FromMedia => ({ type: 'peer-gone', why: String(why) }),
      (error: unknown) => this.#failure(error),
    );
    if (!signal.aborted) tell(said);
  }

  #failure(error: unknown): FromMedia {
    const { code, message } = toHostError(error, 'media');
    return { type: 'failed', mode: this.#parts.mode, code, message };
  }
}
