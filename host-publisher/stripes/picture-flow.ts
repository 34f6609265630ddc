import { randomInt } from 'node:crypto';
import { writeStripe } from '../../gateway/protocol/media/stripe.ts';
import { type HostError, toHostError } from '../host-error.ts';
import type { Hold, Meter } from './meter.ts';
import { OpenLayout, type OpenRows } from './open-layout.ts';
import { RateBudget } from './rate-budget.ts';
import type { RowWish } from './row-encoders.ts';
import type { StripesEncoder } from './stripes-encoder.ts';
import type { RawPicture, StripesTarget } from './stripes.ts';

/** Live pictures wait while what is still is sent again: it goes in small parts. */
const REFINED_AT_ONCE = 2;

/** Where stripes go. */
export interface Way {
  /** Begins a picture: what takes its stripes, all by the connection that there is now. */
  readonly begin: () => (stripe: Uint8Array, isLast: boolean) => void;
  /** Whether what is sent now would wait; who is told so calls `wake` when it is over. */
  readonly isFull: () => boolean;
}

export interface FlowOptions {
  /** The first that works, in this order. */
  readonly encoders: readonly StripesEncoder[];
  readonly openRows: OpenRows;
  readonly way: Way;
  readonly meter: Meter;
  readonly target: StripesTarget;
  /** Another encoder took the place of one that failed. */
  readonly onEncoder: (encoder: StripesEncoder) => void;
  readonly onSent: (capturedAtUs: number) => void;
  /** No encoder is left. */
  readonly onFailed: (error: HostError) => void;
  readonly notice: (text: string) => void;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

interface Waiting {
  readonly pixels: Buffer;
  readonly picture: RawPicture;
  readonly why: Hold;
}

/** From raw pictures to stripes: one picture at a time, and of those that wait only the newest. */
export class PictureFlow {
  readonly #options: FlowOptions;
  readonly #budget: RateBudget;
  #encoders: readonly StripesEncoder[];
  #target: StripesTarget;
  #layout: OpenLayout | null = null;
  #layoutNumber = randomInt(256);
  #frame = randomInt(2 ** 32);
  /** What was taken last. */
  #newest: RawPicture | null = null;
  #waiting: Waiting | null = null;
  #spare = Buffer.alloc(0);
  #isBusy = false;
  #wantsKeys = false;
  #isResting = true;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #work: Promise<void> = Promise.resolve();

  constructor(options: FlowOptions) {
    this.#options = options;
    this.#encoders = options.encoders;
    this.#target = options.target;
    this.#budget = new RateBudget(options.target.bitrateKbps, options.nowMs());
  }

  /** Above 0, at most 1: what the bitrate leaves of the quality. */
  get share(): number {
    return this.#budget.share;
  }

  /** No encoder is left. */
  get isBarren(): boolean {
    return this.#encoders.length === 0;
  }

  /** Takes the newest picture, now or as soon as it may leave. */
  frame(pixels: Buffer, picture: RawPicture): void {
    if (this.#closed || this.isBarren) return;
    this.#isResting = false;
    const why = this.#held();
    if (why !== null) this.#keep(pixels, picture, why);
    else this.#take(pixels, picture);
  }

  /** Every row begins anew, at once if there is a picture. */
  key(): void {
    this.#wantsKeys = true;
    this.wake();
  }

  tune(target: StripesTarget): void {
    this.#target = target;
    this.#budget.tune(target.bitrateKbps, this.#options.nowMs());
    this.#steer();
  }

  /** Nobody wants a picture until the next one is given, with which all rows begin anew. */
  rest(): void {
    this.#isResting = true;
    this.#waiting = null;
    this.#wantsKeys = true;
    clearTimeout(this.#timer);
  }

  /** Something that held pictures back may be over. */
  wake(): void {
    clearTimeout(this.#timer);
    if (this.#closed || this.#isResting || this.#held() !== null) return;
    const waiting = this.#waiting;
    const layout = this.#layout;
    if (waiting !== null) {
      this.#waiting = null;
      this.#take(waiting.pixels, waiting.picture);
    } else if (layout !== null && !layout.sent.isEmpty) {
      if (this.#wantsKeys) this.#encode(layout, this.#options.nowMs() * 1000);
      else this.#refine(layout);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#layout?.encoders.close();
    await this.#work;
    await this.#layout?.encoders.close();
  }

  #held(): Hold | null {
    if (this.#isBusy) return 'busy';
    if (this.#options.way.isFull()) return 'path';
    const waitMs = this.#budget.waitMs(this.#options.nowMs());
    if (waitMs === 0) return null;
    this.#wakeIn(waitMs);
    return 'rate';
  }

  #keep(pixels: Buffer, picture: RawPicture, why: Hold): void {
    if (this.#waiting !== null) this.#options.meter.skipped(this.#waiting.why);
    if (this.#spare.length !== pixels.length) this.#spare = Buffer.allocUnsafe(pixels.length);
    pixels.copy(this.#spare);
    this.#waiting = { pixels: this.#spare, picture, why };
  }

  #take(pixels: Buffer, picture: RawPicture): void {
    const [encoder] = this.#encoders;
    const layout = this.#layout;
    if (encoder === undefined) return;
    this.#newest = picture;
    if (!layout?.fits({ encoder, picture, target: this.#target })) {
      this.#keep(pixels, picture, 'busy');
      this.#run(() => this.#reopen(encoder, picture));
      return;
    }
    const changed = layout.sent.take(pixels);
    if (changed.length > 0 || this.#wantsKeys) this.#encode(layout, picture.capturedAtUs, changed);
    else {
      this.#options.meter.unchanged(layout.rows.length);
      this.#wakeForStill(layout);
    }
  }

  async #reopen(encoder: StripesEncoder, picture: RawPicture): Promise<void> {
    const former = this.#layout;
    this.#layout = null;
    await former?.encoders.close();
    const plan = { encoder, picture, target: this.#target };
    this.#layout = await OpenLayout.open(this.#options.openRows, plan);
    this.#layoutNumber = (this.#layoutNumber + 1) % 256;
    this.#wantsKeys = true;
    this.#steer();
  }

  #encode(layout: OpenLayout, capturedAtUs: number, changed: readonly number[] = []): void {
    const key = this.#wantsKeys;
    this.#wantsKeys = false;
    const rows = key ? [...layout.rows.keys()] : changed;
    this.#run(async () => {
      const { nowMs, meter, onSent } = this.#options;
      const sizes = await this.#send(layout, rows, { key, refined: false }, capturedAtUs);
      const doneMs = nowMs();
      const bytes = sizes.reduce((sum, size) => sum + size, 0);
      for (const index of rows) layout.still.changed(index, doneMs);
      meter.picture(rows.length, layout.rows.length, bytes, doneMs - capturedAtUs / 1000);
      this.#budget.spend(bytes, true, doneMs);
      this.#steer();
      onSent(capturedAtUs);
    });
  }

  /** Rows that are still are sent once more, better, as far as the bitrate has room for them. */
  #refine(layout: OpenLayout): void {
    const { nowMs, meter } = this.#options;
    const rows = layout.still.due(nowMs()).slice(0, REFINED_AT_ONCE);
    const restMs = this.#budget.restMs(nowMs());
    if (rows.length === 0) this.#wakeForStill(layout);
    else if (restMs > 0) this.#wakeIn(restMs);
    else {
      this.#run(async () => {
        const wish = { key: false, refined: true };
        const sizes = await this.#send(layout, rows, wish, nowMs() * 1000);
        for (const [at, index] of rows.entries()) layout.still.refined(index, sizes[at] ?? 0);
        const bytes = sizes.reduce((sum, size) => sum + size, 0);
        meter.picture(rows.length, rows.length, bytes, null);
        this.#budget.spend(bytes, false, nowMs());
      });
    }
  }

  /** Encodes rows side by side and sends each as it comes; hands out their sizes. */
  #send(
    layout: OpenLayout,
    rows: readonly number[],
    wish: RowWish,
    capturedAtUs: number,
  ): Promise<readonly number[]> {
    const { width, height, encoders, sent } = layout;
    this.#frame = (this.#frame + 1) >>> 0;
    const [frame, number] = [this.#frame, this.#layoutNumber];
    const send = this.#options.way.begin();
    let left = rows.length;
    return Promise.all(
      rows.map(async (index) => {
        const { payload, isKey } = await encoders.encode(index, sent.slices(index), wish);
        left -= 1;
        const row = layout.rows[index] ?? { y: 0, rows: height };
        const header = {
          ...{ isKey, isLast: left === 0, isRefined: wish.refined, frame, width, height, ...row },
          ...{ layout: number, codec: encoders.codec, capturedAtUs: Math.round(capturedAtUs) },
        };
        const stripe = writeStripe(header, payload);
        send(stripe, left === 0);
        return stripe.byteLength;
      }),
    );
  }

  #run(work: () => Promise<void>): void {
    this.#isBusy = true;
    this.#work = work()
      .catch((error: unknown) => this.#replaceEncoder(toHostError(error, 'media')))
      .then(() => {
        this.#isBusy = false;
        this.wake();
      });
  }

  async #replaceEncoder(error: HostError): Promise<void> {
    if (this.#closed) return;
    const [failed, ...left] = this.#encoders;
    this.#encoders = left;
    const layout = this.#layout;
    this.#layout = null;
    await layout?.encoders.close();
    const [next] = left;
    if (next === undefined) {
      this.#options.onFailed(error);
      return;
    }
    this.#options.notice(
      `${failed ?? ''} does not work: ${error.message} ${next} takes its place.`,
    );
    this.#options.onEncoder(next);
    // What the failed one was to encode would be missing.
    if (layout === null || this.#newest === null || this.#isResting) return;
    if (this.#waiting === null) this.#keep(layout.sent.pixels, this.#newest, 'busy');
  }

  #steer(): void {
    this.#layout?.encoders.steer(this.#target, this.#budget.share);
  }

  #wakeForStill(layout: OpenLayout): void {
    const { nextAtMs } = layout.still;
    if (nextAtMs < Infinity) this.#wakeIn(nextAtMs - this.#options.nowMs());
  }

  #wakeIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), Math.max(0, ms));
  }
}
