import { HostError } from '../../host-error.ts';
import { CLOCK_TIME_NONE, FORMAT_TIME, type Gst, type Pointer } from './native.ts';

/** Decoded picture or sound that was taken from a pipeline, to be pushed into another or dropped. */
export interface TakenBuffer {
  readonly pointer: Pointer;
  /** Since the start of its pipeline's stream. */
  readonly timeNs: bigint;
  readonly durationNs: bigint;
  readonly bytes: number;
  /** Needs a frame before it. */
  readonly isDelta: boolean;
}

const STATES = { null: 1, ready: 2, paused: 3, playing: 4 } as const;
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
  readonly #sending = new Set<Promise<unknown>>();
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

  play(): Promise<void> {
    return this.#start(STATES.playing);
  }

  /** Opens devices, no more. */
  open(): Promise<void> {
    return this.#start(STATES.ready);
  }

  async #start(state: number): Promise<void> {
    if (this.#closed) throw new HostError('media', 'The pipeline is closed.');
    if ((await this.#changeState(state)) !== STATE_FAILED) return;
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
    await Promise.all(this.#sending);
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

  /** Has a live source of a pipeline that plays stand still, and go on at `release`. */
  hold(element: string): void {
    if (!this.#closed) this.#gst.setState(this.element(element), STATES.paused);
  }

  release(element: string): void {
    if (!this.#closed) this.#gst.setState(this.element(element), STATES.playing);
  }

  /** Asks for a key frame, of an encoder or of the one above a sink. */
  forceKeyframe(element: string): void {
    if (this.#closed) return;
    // With "all headers" Chromium drops a frame and asks for the next key frame, each second anew.
    const event = this.#gst.keyframeEvent(CLOCK_TIME_NONE, 0, 0);
    this.#gst.sendEvent(this.element(element), event);
  }

  /** Has an element forget how far it is behind; only where the stream's own timeline begins at 0. */
  restartTime(element: string): void {
    if (this.#closed) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#sending.add(promise);
    // The streaming thread, which this waits for, may wait for JavaScript.
    this.#gst.sendEvent.async(this.element(element), this.#gst.timeEvent(), () => {
      this.#sending.delete(promise);
      resolve(undefined);
    });
  }

  /** Hands out a copy of each buffer that arrives at an appsink with `emit-signals`. */
  onBuffer(sink: string, callback: (bytes: Buffer) => void): void {
    const gst = this.#gst;
    this.onSample(sink, (sample) => {
      const buffer = gst.sampleBuffer(sample);
      if (buffer === null) return;
      const size = Number(gst.bufferSize(buffer));
      const bytes = Buffer.allocUnsafe(size);
      gst.bufferExtract(buffer, 0, bytes, size);
      callback(bytes);
    });
  }

  /** Shows each sample that arrives at an appsink with `emit-signals`; after that it is gone. */
  onSample(sink: string, callback: (sample: Pointer) => void): void {
    const gst = this.#gst;
    const pointer = this.element(sink);
    const free = gst.onNewSample(pointer, () => {
      const sample = this.#closed ? null : gst.pullSample(pointer);
      if (sample === null) return;
      callback(sample);
      gst.unrefMini(sample);
    });
    this.onClosed(free);
  }

  /** Has this pipeline, before it plays, count time as one that plays. */
  shareTime(playing: Pipeline): void {
    this.#gst.shareTime(this.#bin, playing.#bin);
  }

  /** Frees what must outlive the pipeline's threads. */
  onClosed(free: () => void): void {
    this.#callbacks.push(free);
  }

  /** Pushes one frame into an appsrc; false once it flushes or has ended. */
  push(source: string, bytes: Buffer, ptsNs: bigint, durationNs: bigint): boolean {
    return this.pushParts(source, [bytes], ptsNs, durationNs);
  }

  /** Pushes one frame that lies in several places, one behind the other. */
  pushParts(source: string, parts: readonly Buffer[], ptsNs: bigint, durationNs: bigint): boolean {
    if (this.#closed) return false;
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    const buffer = this.#gst.bufferAllocate(null, bytes, null);
    if (buffer === null) return false;
    let offset = 0;
    for (const part of parts) {
      this.#gst.bufferFill(buffer, offset, part, part.length);
      offset += part.length;
    }
    this.#gst.setBufferTimes(buffer, ptsNs, durationNs);
    return this.#gst.pushBuffer(this.element(source), buffer) === 0;
  }

  /** The oldest buffer that waits at an appsink without signals, or null. */
  take(sink: string): TakenBuffer | null {
    const gst = this.#gst;
    const sample = this.#closed ? null : gst.tryPullSample(this.element(sink), 0n);
    if (sample === null) return null;
    const buffer = gst.sampleBuffer(sample);
    // Memory is shared with the original; times are the copy's own.
    const pointer = buffer === null ? null : gst.copyMini(buffer);
    const segment = gst.sampleSegment(sample);
    if (pointer === null) {
      gst.unrefMini(sample);
      return null;
    }
    const { ptsNs, durationNs } = gst.bufferTimes(pointer);
    const timeNs = BigInt(gst.segmentRunningTime(segment, FORMAT_TIME, ptsNs));
    gst.unrefMini(sample);
    const bytes = Number(gst.bufferSize(pointer));
    return { pointer, timeNs, durationNs, bytes, isDelta: gst.isDelta(pointer) };
  }

  /** Copies what was taken and lets it go. */
  read(taken: TakenBuffer, into: Buffer): void {
    this.#gst.bufferExtract(taken.pointer, 0, into, Math.min(taken.bytes, into.length));
    this.drop(taken);
  }

  drop(taken: Pick<TakenBuffer, 'pointer'>): void {
    this.#gst.unrefMini(taken.pointer);
  }

  /** Hands what was taken elsewhere to an appsrc of this pipeline, without a copy. */
  pass(source: string, taken: Pick<TakenBuffer, 'pointer' | 'durationNs'>, ptsNs: bigint): boolean {
    if (this.#closed) {
      this.drop(taken);
      return false;
    }
    this.#gst.setBufferTimes(taken.pointer, ptsNs, taken.durationNs);
    return this.#gst.pushBuffer(this.element(source), taken.pointer) === 0;
  }

  /** What an appsrc pushes from now on. */
  setSourceCaps(source: string, caps: Pointer): void {
    if (!this.#closed) this.#gst.setSourceCaps(this.element(source), caps);
  }

  /** Whether an appsink has handed out everything and the stream has ended. */
  isDrained(sink: string): boolean {
    return this.#closed || this.#gst.isEos(this.element(sink)) !== 0;
  }

  /** What an appsrc has not handed on yet. */
  waitingBytes(source: string): number {
    if (this.#closed) return 0;
    return Number(this.#gst.getUint64(this.element(source), 'current-level-bytes'));
  }

  /** No more comes from an appsrc. */
  endOfStream(source: string): void {
    if (!this.#closed) this.#gst.endOfStream(this.element(source));
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
