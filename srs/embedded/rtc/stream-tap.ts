import type { MediaSink, MediaTap } from '../media.ts';
import type { Layers } from './layers.ts';
import type { Output } from './output.ts';
import { DELAY_HEADER_BYTES } from './rtp/playout-delay.ts';
import { RTP_HEADER_BYTES } from './rtp/header.ts';
import type { RingEntry } from './rtp/packet-ring.ts';

const CLOCK_MS = 1_000;
/** A file can be entered at key frames only. */
const KEYFRAME_MS = 10_000;
const MARKER = 0x80;

/** What is tapped. */
export interface TappedStream {
  readonly audio: Output;
  readonly video: Layers;
  tap: StreamTap | null;
}

/** Hands on what is published on a stream, of layered video the best layer. */
export class StreamTap implements MediaTap {
  readonly #stream: TappedStream;
  readonly #sink: MediaSink;
  readonly #now: () => number;
  /** The video that is handed on, and what follows it with its next key frame. */
  #current: Output | null = null;
  #wanted: Output | null = null;
  readonly #tracks = new Map<Output, number>();
  #clockMs = 0;
  #keyframeMs: number;

  constructor(options: {
    readonly stream: TappedStream;
    readonly sink: MediaSink;
    readonly now: () => number;
  }) {
    this.#stream = options.stream;
    this.#sink = options.sink;
    this.#now = options.now;
    this.#keyframeMs = options.now();
    this.#stream.tap?.close();
    this.#stream.tap = this;
    this.#stream.audio.tap = (entry) => this.#hand(0, entry);
    this.tick(options.now());
    this.requestKeyframe();
  }

  requestKeyframe(): void {
    const output = this.#wanted ?? this.#current;
    if (output !== null) this.#stream.video.requestKeyframe(output, this.#now());
  }

  close(): void {
    if (this.#stream.tap !== this) return;
    this.#stream.tap = null;
    for (const output of [this.#stream.audio, this.#current, this.#wanted]) {
      if (output !== null) output.tap = null;
    }
  }

  /** Sends what has become due. */
  tick(nowMs: number): void {
    this.#choose(nowMs);
    if (nowMs - this.#keyframeMs >= KEYFRAME_MS) {
      this.#keyframeMs = nowMs;
      this.requestKeyframe();
    }
    if (nowMs - this.#clockMs < CLOCK_MS) return;
    this.#clockMs = nowMs;
    this.#tellClock('audio', this.#stream.audio, nowMs);
    if (this.#current !== null) this.#tellClock('video', this.#current, nowMs);
  }

  #choose(nowMs: number): void {
    const best = this.#stream.video.best;
    if (best === null || best === (this.#wanted ?? this.#current)) return;
    if (this.#wanted !== null) this.#wanted.tap = null;
    this.#wanted = best === this.#current ? null : best;
    if (this.#wanted === null) return;
    best.tap = (entry) => this.#see(best, entry);
    this.#stream.video.requestKeyframe(best, nowMs);
  }

  #see(output: Output, entry: RingEntry): void {
    if (entry.startsKeyframe) {
      this.#keyframeMs = this.#now();
      if (output === this.#wanted) this.#switch(output);
    }
    if (output === this.#current) this.#hand(this.#trackOf(output), entry);
  }

  #switch(output: Output): void {
    if (this.#current !== null) this.#current.tap = null;
    this.#current = output;
    this.#wanted = null;
    this.#tellClock('video', output, this.#now());
  }

  #trackOf(output: Output): number {
    const known = this.#tracks.get(output) ?? this.#tracks.size + 1;
    this.#tracks.set(output, known);
    return known;
  }

  #tellClock(kind: 'audio' | 'video', output: Output, nowMs: number): void {
    const clock = output.clockAt(nowMs);
    if (clock !== null) this.#sink.clock(kind, clock.ntpMs, clock.rtp);
  }

  #hand(track: number, entry: RingEntry): void {
    const { packet, sequence, timestamp, playoutDelay } = entry;
    const start = playoutDelay === null ? RTP_HEADER_BYTES : DELAY_HEADER_BYTES;
    this.#sink.packet({
      track,
      sequence,
      timestamp,
      marker: ((packet[1] ?? 0) & MARKER) !== 0,
      atMs: this.#now(),
      payload: packet.subarray(start),
    });
  }
}
