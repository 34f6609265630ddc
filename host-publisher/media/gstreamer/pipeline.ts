import { HostError } from '../../host-error.ts';
import { CLOCK_TIME_NONE, type Gst, type Pointer } from './native.ts';

const STATES = { null: 1, playing: 4 } as const;
const STATE_FAILED = 0;
const MESSAGE_EOS = 1;
const MESSAGE_ERROR = 2;
const BUS_POLL_MS = 20;
/** The streaming thread waits for JavaScript: a state change that waits for it must end sometime. */
const STATE_DEADLINE_MS = 5_000;

/** A GStreamer pipeline, described as for `gst-launch-1.0`. */
export class Pipeline {
  readonly #gst: Gst;
  readonly #bin: Pointer;
  readonly #bus: Pointer;
  readonly #elements = new Map<string, Pointer>();
  readonly #callbacks: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #changing: Promise<unknown> = Promise.resolve();
  readonly #end = Promise.withResolvers<undefined>();

  private constructor(gst: Gst, bin: Pointer) {
    this.#gst = gst;
    this.#bin = bin;
    this.#bus = gst.getBus(bin);
    this.#end.promise.catch(() => undefined);
    this.#timer = setInterval(() => this.#readBus(), BUS_POLL_MS);
  }

  /** Builds without starting; a wrong description fails with GStreamer's own words. */
  static parse(gst: Gst, description: string): Pipeline {
    const error: [Pointer | null] = [null];
    const bin = gst.parseLaunch(description, error);
    if (error[0] !== null || bin === null) {
      const words = error[0] === null ? 'no reason given' : gst.takeError(error[0]);
      if (bin !== null) gst.unref(bin);
      throw new HostError('media', `GStreamer cannot build the pipeline: ${words}.`);
    }
    return new Pipeline(gst, bin);
  }

  /** Settles at the end of the stream or at `close`; fails with the first error of an element. */
  get ended(): Promise<void> {
    return this.#end.promise;
  }

  /** Nanoseconds since the pipeline plays. */
  get runningTimeNs(): bigint {
    return BigInt(this.#gst.runningTime(this.#bin));
  }

  async play(): Promise<void> {
    if (this.#closed) throw new HostError('media', 'The pipeline is closed.');
    if ((await this.#changeState(STATES.playing)) !== STATE_FAILED) return;
    this.#readBus();
    const error = new HostError('media', 'GStreamer cannot start the pipeline.');
    this.#end.reject(error);
    await this.#end.promise;
    throw error;
  }

  /** Stops everything and releases devices; idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#changeState(STATES.null);
    for (const element of this.#elements.values()) this.#gst.unref(element);
    this.#gst.unref(this.#bus);
    this.#gst.unref(this.#bin);
    for (const free of this.#callbacks) free();
    this.#end.resolve(undefined);
  }

  /** Sets a property by its text form, while playing too where the element allows it. */
  set(element: string, property: string, value: string): void {
    if (!this.#closed) this.#gst.setArgument(this.element(element), property, value);
  }

  /** Asks the encoder above a sink for a key frame with its headers. */
  forceKeyframe(sink: string): void {
    if (this.#closed) return;
    const event = this.#gst.keyframeEvent(CLOCK_TIME_NONE, 1, 0);
    this.#gst.sendEvent(this.element(sink), event);
  }

  /** Hands out a copy of each buffer that arrives at an appsink with `emit-signals`. */
  onBuffer(sink: string, callback: (bytes: Buffer) => void): void {
    const gst = this.#gst;
    const pointer = this.element(sink);
    const free = gst.onNewSample(pointer, () => {
      const sample = this.#closed ? null : gst.pullSample(pointer);
      if (sample === null) return;
      const buffer = gst.sampleBuffer(sample);
      if (buffer !== null) {
        const size = Number(gst.bufferSize(buffer));
        const bytes = Buffer.allocUnsafe(size);
        gst.bufferExtract(buffer, 0, bytes, size);
        callback(bytes);
      }
      gst.unrefMini(sample);
    });
    this.#callbacks.push(free);
  }

  /** Pushes one frame into an appsrc; false once it flushes or has ended. */
  push(source: string, bytes: Buffer, ptsNs: bigint, durationNs: bigint): boolean {
    if (this.#closed) return false;
    const buffer = this.#gst.bufferAllocate(null, bytes.length, null);
    if (buffer === null) return false;
    this.#gst.bufferFill(buffer, 0, bytes, bytes.length);
    this.#gst.setBufferTimes(buffer, ptsNs, durationNs);
    return this.#gst.pushBuffer(this.element(source), buffer) === 0;
  }

  element(name: string): Pointer {
    const known = this.#elements.get(name) ?? this.#gst.getByName(this.#bin, name);
    if (known === null) throw new Error(`no element ${name} in the pipeline`);
    this.#elements.set(name, known);
    return known;
  }

  /** One after the other: a change that is under way in another thread still needs the pipeline. */
  async #changeState(state: number): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const earlier = this.#changing;
    this.#changing = promise.catch(() => undefined);
    await earlier;
    const timer = setTimeout(
      () => reject(new HostError('media', 'GStreamer does not change its state in time.')),
      STATE_DEADLINE_MS,
    );
    this.#gst.setState.async(this.#bin, state, (_error, result) => {
      clearTimeout(timer);
      resolve(result);
    });
    return promise;
  }

  #readBus(): void {
    if (this.#closed) return;
    const message = this.#gst.popFiltered(this.#bus, 0n, MESSAGE_ERROR | MESSAGE_EOS);
    if (message === null) return;
    if (this.#gst.messageType(message) === MESSAGE_ERROR) {
      const error: [Pointer | null] = [null];
      this.#gst.parseError(message, error, [null]);
      const words = error[0] === null ? 'no reason given' : this.#gst.takeError(error[0]);
      this.#end.reject(new HostError('media', `GStreamer stopped: ${words}`));
    }
    this.#gst.unrefMini(message);
    this.#end.resolve(undefined);
  }
}
