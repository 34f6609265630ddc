import type { StripeCodec } from '../../gateway/protocol/media/stripe.ts';
import { HostError } from '../host-error.ts';
import { requireElements } from '../media/gstreamer/elements.ts';
import type { Gst } from '../media/gstreamer/native.ts';
import { Pipeline } from '../media/gstreamer/pipeline.ts';
import { describeRows } from './describe-rows.ts';
import { isKeyFrame } from './key-frame.ts';
import type { OpenRows } from './open-layout.ts';
import type { StripesTarget } from './stripes.ts';
import type { EncodedRow, RowEncoders, RowsPlan, RowWish } from './row-encoders.ts';

/** Longer than any row takes on a machine that can be worked with. */
const DEADLINE_MS = 5_000;
const NS_PER_MS = 1_000_000;

type Pending = PromiseWithResolvers<EncodedRow>;

/** Opens rows in this process; GStreamer must have been started. */
export const gstRows =
  (gst: Gst): OpenRows =>
  (plan) =>
    GstRows.open(gst, plan);

/** GStreamer's encoders, one for each row, each in a thread of its own. */
export class GstRows implements RowEncoders {
  readonly codec: StripeCodec;
  readonly refinements: number;
  readonly #pipeline: Pipeline;
  readonly #description: ReturnType<typeof describeRows>;
  readonly #pending: (Pending | null)[];
  readonly #set = new Map<string, string>();
  #failure: HostError | null = null;
  #lastNs = -1n;

  private constructor(gst: Gst, plan: RowsPlan) {
    const description = describeRows(plan);
    requireElements(gst, description.elements);
    this.codec = description.codec;
    this.refinements = description.refinements;
    this.#description = description;
    this.#pipeline = Pipeline.parse(gst, description.text);
    this.#pending = plan.rows.map(() => null);
    for (const index of plan.rows.keys()) {
      this.#pipeline.onBuffer(`out${index}`, (payload) => this.#take(index, payload));
    }
    this.#pipeline.ended.catch((error: unknown) => this.#fail(error));
  }

  /** Starts them. @throws HostError what is missing, or GStreamer's own words */
  static async open(gst: Gst, plan: RowsPlan): Promise<GstRows> {
    const rows = new GstRows(gst, plan);
    try {
      await rows.#pipeline.play();
    } catch (error) {
      await rows.close();
      throw error;
    }
    return rows;
  }

  encode(index: number, planes: readonly Buffer[], wish: RowWish): Promise<EncodedRow> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const pending = Promise.withResolvers<EncodedRow>();
    this.#pending[index] = pending;
    for (const [property, value] of this.#description.perFrame(wish)) {
      this.#setOnce(index, property, value);
    }
    if (wish.key && this.codec === 'h264') this.#pipeline.forceKeyframe(`out${index}`);
    if (!this.#pipeline.pushParts(`in${index}`, planes, this.#nowNs(), 0n)) {
      this.#fail(new HostError('media', 'An encoder takes no more pictures.'));
    }
    const timer = setTimeout(
      () => this.#fail(new HostError('media', 'An encoder does not answer.')),
      DEADLINE_MS,
    );
    return pending.promise.finally(() => clearTimeout(timer));
  }

  steer(target: StripesTarget, share: number): void {
    const settings = this.#description.steered(target, share);
    for (const index of this.#pending.keys()) {
      for (const [property, value] of settings) this.#setOnce(index, property, value);
    }
  }

  async close(): Promise<void> {
    this.#fail(new HostError('media', 'The encoders are closed.'));
    await this.#pipeline.close();
  }

  #take(index: number, payload: Buffer): void {
    const pending = this.#pending[index];
    this.#pending[index] = null;
    pending?.resolve({ payload, isKey: this.codec === 'jpeg' || isKeyFrame(payload) });
  }

  #setOnce(index: number, property: string, value: string): void {
    const element = `encoder${index}`;
    const key = `${element}.${property}`;
    if (this.#set.get(key) === value) return;
    this.#set.set(key, value);
    this.#pipeline.set(element, property, value);
  }

  /** Rows of one picture may have the same time, those of one encoder not. */
  #nowNs(): bigint {
    const nowNs = BigInt(Math.round(performance.now() * NS_PER_MS));
    this.#lastNs = nowNs > this.#lastNs ? nowNs : this.#lastNs + 1n;
    return this.#lastNs;
  }

  #fail(error: unknown): void {
    this.#failure ??=
      error instanceof HostError ? error : new HostError('media', String(error), { cause: error });
    for (const pending of this.#pending) pending?.reject(this.#failure);
  }
}
