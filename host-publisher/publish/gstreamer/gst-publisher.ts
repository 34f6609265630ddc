import { setTimeout as delay } from 'node:timers/promises';
import { HostError } from '../../host-error.ts';
import { ENCODER_ELEMENT } from '../../media/encoding/branch.ts';
import type { Gst } from '../../media/gstreamer/native.ts';
import type { Objects, UpstreamEvent } from '../../media/gstreamer/objects.ts';
import type { Pipeline } from '../../media/gstreamer/pipeline.ts';
import type { IceServer } from '../../media/plan.ts';
import { KeyframeGate } from '../keyframe-gate.ts';
import { PathEstimate, type PathObservation } from '../path-estimate.ts';
import { withinFirstPacketTime, type Publisher, type Traffic } from '../publisher.ts';
import type { LoopbackWhip } from './loopback-whip.ts';
import { readBufferCount, readFeedback, readSession } from './session-text.ts';
import { WhipElement, type WhipElementName } from './whip-element.ts';

export interface GstPublisherParts {
  readonly gst: Gst;
  readonly objects: Objects;
  readonly pipeline: Pipeline;
  readonly element: WhipElementName;
  readonly codec: 'H264' | 'VP8';
  /** Starts the pipeline. */
  readonly play: () => Promise<void>;
  /** Has pictures and sound come into it. */
  readonly flow: () => void;
  readonly iceServers: readonly IceServer[];
}

const CONNECT_MS = 10_000;
const POLL_MS = 5;
const WATCH_MS = 250;
const OFFER_MS = 10_000;
/** The element takes its codec's parameters from a key frame that comes after it has looked. */
const NUDGE_MS = 100;
/** The server reports several times a second; silence means that nobody is there. */
const SILENCE_MS = 8_000;
const STALE_MS = 3_000;
const ENDED_STATES: readonly string[] = ['disconnected', 'failed', 'closed'];

/** Publishing by GStreamer's own `whipsink` or `whipclientsink`; the policy stays the project's. */
export class GstPublisher implements Publisher {
  readonly #parts: GstPublisherParts;
  readonly #element: WhipElement;
  readonly #path = new PathEstimate();
  readonly #gate: KeyframeGate;
  readonly #gone = Promise.withResolvers<string>();
  #whip: LoopbackWhip | null = null;
  #timer: NodeJS.Timeout | undefined;
  #state = 'new';
  #totals = readSession('');
  #frames = 0;
  #feedbackAtMs = -Infinity;
  #heard = { what: '', atMs: 0 };
  #asked = 0;
  #forced = 0;
  #closed = false;

  constructor(parts: GstPublisherParts) {
    this.#parts = parts;
    const { pipeline } = parts;
    this.#element = new WhipElement({ ...parts, pass: (event) => this.#pass(event) });
    this.#gate = new KeyframeGate(() => {
      this.#forced += 1;
      pipeline.forceKeyframe(ENCODER_ELEMENT);
    });
  }

  get gone(): Promise<string> {
    return this.#gone.promise;
  }

  get traffic(): Traffic {
    const { octets, packets, rttMs } = this.#totals;
    return {
      octets,
      packets,
      frames: this.#frames,
      encodeSumMs: null,
      resent: 0,
      keyframeRequests: this.#asked,
      keyframes: this.#forced,
      rttMs,
    };
  }

  async offer(): Promise<string> {
    const { iceServers, play, flow, pipeline } = this.#parts;
    // Loaded when it is needed: a start of the project's own publisher has no use for it.
    const { LoopbackWhip } = await import('./loopback-whip.ts');
    this.#whip = await LoopbackWhip.open();
    this.#element.configure(this.#whip.url, iceServers);
    await play();
    flow();
    const nudge = setInterval(() => {
      if (this.#element.waitsForKeyframe) pipeline.forceKeyframe(ENCODER_ELEMENT);
    }, NUDGE_MS);
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new HostError('media', `${this.#parts.element} makes no offer.`)),
      OFFER_MS,
    );
    return Promise.race([this.#whip.offer, late.promise]).finally(() => {
      clearInterval(nudge);
      clearTimeout(timer);
    });
  }

  async connect(answer: string): Promise<void> {
    this.#whip?.answer(answer);
    this.#whip?.left.then(
      () => this.#gone.resolve('the connection has failed'),
      () => undefined,
    );
    await this.#reach(CONNECT_MS, () => this.#state === 'connected');
    await withinFirstPacketTime(this.#reach(Infinity, () => this.#totals.packets > 0));
    this.#gate.ask();
    this.#heard = { what: '', atMs: performance.now() };
    this.#timer = setInterval(() => void this.#watch(), WATCH_MS);
  }

  observe(): PathObservation {
    const nowMs = performance.now();
    if (nowMs - this.#feedbackAtMs < STALE_MS) return this.#path.observe(nowMs);
    return { by: 'reports', loss: this.#totals.loss, rembKbps: null };
  }

  targetChanged(): void {
    // Repairs, which would take a share of the rate, are the element's own.
  }

  askKeyframe(): void {
    this.#gate.ask();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#gate.close();
    this.#gone.resolve('closed');
    this.#whip?.close();
  }

  /** Runs while a thread of GStreamer waits. Requests for key frames go by the gate. */
  #pass({ name, text }: UpstreamEvent): boolean {
    if (name === 'GstForceKeyUnit') {
      if (this.#element.waitsForKeyframe) return true;
      this.#asked += 1;
      this.#gate.ask();
      return false;
    }
    if (name === 'RTPTWCCPackets') this.#learn(text());
    return true;
  }

  #learn(text: string): void {
    const nowMs = performance.now();
    this.#feedbackAtMs = nowMs;
    const packets = readFeedback(text);
    for (const { sequence, bytes, sentMs } of packets) this.#path.sent(sequence, bytes, sentMs);
    this.#path.take({ type: 'transport', packets }, nowMs, Date.now());
  }

  /** Looks until something is so. */
  async #reach(withinMs: number, isSo: () => boolean): Promise<void> {
    const endAtMs = performance.now() + withinMs;
    for (;;) {
      await this.#look();
      if (this.#closed || isSo()) return;
      if (this.#state === 'failed' || performance.now() > endAtMs) {
        throw new HostError('gateway', 'The media server cannot be reached by UDP.');
      }
      await delay(POLL_MS);
    }
  }

  async #look(): Promise<void> {
    if (this.#closed) return;
    const { state, session, frames } = await this.#element.look();
    this.#state = state;
    this.#totals = readSession(session);
    this.#frames = readBufferCount(frames);
  }

  async #watch(): Promise<void> {
    await this.#look();
    if (ENDED_STATES.includes(this.#state)) this.#gone.resolve(`the connection is ${this.#state}`);
    const nowMs = performance.now();
    const { heard } = this.#totals;
    if (heard !== this.#heard.what) this.#heard = { what: heard, atMs: nowMs };
    const lastMs = Math.max(this.#heard.atMs, this.#feedbackAtMs);
    if (nowMs - lastMs > SILENCE_MS) this.#gone.resolve('the media server is silent');
  }
}
