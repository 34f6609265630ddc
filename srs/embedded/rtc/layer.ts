import type { Output } from './output.ts';
import type { FrameSize } from './rtp/frame-size.ts';
import { PliThrottle } from './rtp/pli-throttle.ts';
import type { LayerFlow } from './layer-policy.ts';

const ASK_AGAIN_MS = 1_000;
/** Silence while the other layers go on for so many frames means that a layer was stopped. */
const SILENT_MS = 1_000;
const FRAMES_OF_OTHERS = 8;
/** How fast the measured rate follows. */
const RATE_WINDOW_MS = 1_000;

/** One encoding of a source's video, or all there is of it. */
export class Layer implements LayerFlow {
  readonly output: Output;
  readonly #throttle = new PliThrottle();
  /** The publisher's name for it; null when it has only one encoding. */
  rid: string | null = null;
  flowing = false;
  bitsPerSecond = 0;
  /** The rate that it has while it flows: its place among layers of one size. */
  usualBps = 0;
  #frames = 0;
  #framesOfOthers = 0;
  #octets = 0;
  #measuredMs = 0;

  constructor(output: Output) {
    this.output = output;
  }

  get size(): FrameSize | null {
    return this.output.size;
  }

  /** Another publisher fills it. */
  begin(rid: string | null, nowMs: number): void {
    this.rid = rid;
    this.#throttle.reset();
    this.flowing = false;
    this.bitsPerSecond = 0;
    this.usualBps = 0;
    this.#frames = this.output.frames;
    this.#octets = this.output.octets;
    this.#measuredMs = nowMs;
  }

  /** Notes a wish for a key frame; true when it must be asked for now. */
  request(nowMs: number): boolean {
    return this.#throttle.request(nowMs);
  }

  keyframeArrived(): void {
    this.#throttle.satisfied();
  }

  /** Whether a key frame has become due to be asked for. */
  isRequestDue(nowMs: number): boolean {
    const stuck = nowMs - this.#throttle.sentMs >= ASK_AGAIN_MS && this.output.awaitsKeyframe;
    if (this.output.takeInterruption() || stuck) return this.#throttle.request(nowMs);
    return this.#throttle.due(nowMs);
  }

  /** Measures; `others` are the frames that the liveliest other layer has brought so far. */
  measure(others: number, nowMs: number): void {
    const { frames, octets, arrivedMs } = this.output;
    const came = frames !== this.#frames;
    if (came) {
      this.#frames = frames;
      this.#framesOfOthers = others;
      this.flowing = true;
    } else if (
      nowMs - arrivedMs >= SILENT_MS &&
      others - this.#framesOfOthers >= FRAMES_OF_OTHERS
    ) {
      this.flowing = false;
    }
    const elapsedMs = nowMs - this.#measuredMs;
    const bps = elapsedMs > 0 ? ((octets - this.#octets) * 8000) / elapsedMs : 0;
    const weight = this.bitsPerSecond === 0 ? 1 : Math.min(1, elapsedMs / RATE_WINDOW_MS);
    this.bitsPerSecond += (bps - this.bitsPerSecond) * weight;
    if (came) this.usualBps += (bps - this.usualBps) * (this.usualBps === 0 ? 1 : weight / 4);
    this.#octets = octets;
    this.#measuredMs = nowMs;
  }
}
