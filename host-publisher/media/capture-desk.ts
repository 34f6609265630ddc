import { Capture, type CaptureParts } from './capture.ts';
import type { Gst } from './gstreamer/native.ts';

/** One user's part of the capture. */
export interface CaptureLease {
  readonly capture: Capture;
  /** The last one that gives it back ends the capture. Idempotent. */
  giveBack(): Promise<void>;
}

interface Shared {
  users: number;
  readonly asking: AbortController;
  readonly opened: Promise<Capture>;
}

/** The one capture of this process, for as long as somebody uses it. */
export class CaptureDesk {
  readonly #gst: Gst;
  #shared: Shared | null = null;

  constructor(gst: Gst) {
    this.#gst = gst;
  }

  /** `find` is asked where nothing is captured yet; an abort gives the part back. */
  async lease(find: () => Promise<CaptureParts>, signal: AbortSignal): Promise<CaptureLease> {
    const shared = (this.#shared ??= this.#open(find));
    shared.users += 1;
    let isGivenBack = false;
    const giveBack = async (): Promise<void> => {
      if (isGivenBack) return;
      isGivenBack = true;
      shared.users -= 1;
      if (shared.users === 0) await this.#close(shared);
    };
    const abort = (): void => void giveBack();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const capture = await shared.opened;
      signal.throwIfAborted();
      return { capture, giveBack };
    } catch (error) {
      await giveBack();
      throw error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #open(find: () => Promise<CaptureParts>): Shared {
    const asking = new AbortController();
    const opened = find().then((parts) => Capture.open(this.#gst, parts, asking.signal));
    const shared = { users: 0, asking, opened };
    // One that has ended is in nobody's way.
    opened.then((capture) => capture.ended).catch(() => void this.#close(shared));
    return shared;
  }

  async #close(shared: Shared): Promise<void> {
    if (this.#shared === shared) this.#shared = null;
    shared.asking.abort();
    const capture = await shared.opened.catch(() => null);
    await capture?.close();
  }
}
