import { ScreenChanges } from '../../x11/screen-changes.ts';
import type { Pipeline } from '../gstreamer/pipeline.ts';
import type { Feed } from '../sources/feed.ts';
import { ScreenPace } from './screen-pace.ts';

/** Name of the element that captures an X11 screen. */
export const SCREEN_ELEMENT = 'screen';

export interface ScreenFeedOptions {
  readonly display: string;
  /** Null: the whole desktop. */
  readonly windowId: number | null;
  readonly fps: number;
}

/**
 * Has an X11 screen captured when that is due by {@link ScreenPace}: the element captures while it
 * plays, one picture each time. Without the DAMAGE extension it is captured at the rate.
 */
export class ScreenFeed implements Feed {
  readonly failure = new Promise<never>(() => undefined);
  readonly #pipeline: Pipeline;
  readonly #pace: ScreenPace;
  #changes: ScreenChanges | null = null;
  #isCapturing = true;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(pipeline: Pipeline, { display, windowId, fps }: ScreenFeedOptions) {
    this.#pipeline = pipeline;
    this.#pace = new ScreenPace(fps, performance.now());
    ScreenChanges.open(display, windowId, () => this.#change()).then(
      (changes) => {
        this.#changes = changes;
        if (this.#closed) changes?.close();
      },
      () => undefined,
    );
  }

  captured(): void {
    if (this.#closed) return;
    this.#pipeline.hold(SCREEN_ELEMENT);
    this.#isCapturing = false;
    this.#look();
  }

  close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#changes?.close();
    return Promise.resolve();
  }

  #change(): void {
    if (this.#pace.changed(performance.now()) && !this.#isCapturing) this.#capture();
    else this.#look();
  }

  #look(): void {
    clearTimeout(this.#timer);
    if (this.#closed || this.#isCapturing) return;
    const nowMs = performance.now();
    const due = this.#pace.due(nowMs);
    if (due === 'capture') this.#capture();
    else {
      if (due === 'hear') this.#hear();
      this.#timer = setTimeout(() => this.#look(), this.#pace.waitMs(nowMs));
    }
  }

  #capture(): void {
    clearTimeout(this.#timer);
    this.#isCapturing = true;
    this.#pace.captures(performance.now());
    this.#hear();
    this.#pipeline.release(SCREEN_ELEMENT);
  }

  #hear(): void {
    this.#pace.hears();
    this.#changes?.hear();
  }
}
