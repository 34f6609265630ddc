import type { StreamCodecs } from '../media.ts';
import type { TrackKind } from './codec.ts';
import type { Egress } from './egress.ts';
import { Output } from './output.ts';
import type { PublishedStream, Publisher } from './publisher.ts';
import { PliThrottle } from './rtp/pli-throttle.ts';
import type { Viewer, WatchedStream } from './viewer.ts';

const REPORT_MS = 1_000;
const ASK_AGAIN_MS = 1_000;

/** One published name: at most one publisher, any number of viewers, both may come first. */
export class Stream implements PublishedStream, WatchedStream {
  readonly key: string;
  readonly outputs: Readonly<Record<TrackKind, Output>>;
  readonly #throttle = new PliThrottle();
  readonly #viewers = new Set<Viewer>();
  #publisher: Publisher | null = null;
  #reportedMs = 0;
  readonly #clocks = new Set<TrackKind>();
  /** Sessions that hold this stream, connected or not. */
  holders = 0;
  /** Taken from the moment a publisher's offer is accepted. */
  busy = false;

  constructor(key: string, egress: Egress) {
    this.key = key;
    const cname = this.streamId;
    this.outputs = {
      audio: new Output('audio', cname, egress),
      video: new Output('video', cname, egress),
    };
  }

  /** The msid that viewers see: the application and stream names, made harmless. */
  get streamId(): string {
    const name = this.key.split('/').slice(1).join('-') || this.key;
    return name.replaceAll(/[^\w.-]/g, '_').slice(0, 64) || 'stream';
  }

  get codecs(): StreamCodecs {
    return {
      video: this.#publisher?.videoCodec ?? null,
      audio: this.#publisher?.hasAudio === true ? 'Opus' : null,
    };
  }

  attach(publisher: Publisher): void {
    this.#publisher = publisher;
    this.#throttle.reset();
    this.#clocks.clear();
  }

  detach(publisher: Publisher): void {
    if (this.#publisher !== publisher) return;
    this.#publisher = null;
    this.outputs.audio.endSource();
    this.outputs.video.endSource();
  }

  /** Starts forwarding to a connected viewer. */
  join(viewer: Viewer, nowMs: number): void {
    this.#viewers.add(viewer);
    if (viewer.wants.audio) this.outputs.audio.add(viewer, nowMs);
    const lacksKeyframe = viewer.wants.video && this.outputs.video.add(viewer, nowMs);
    if (lacksKeyframe) this.requestKeyframe(nowMs);
    this.#report([viewer], nowMs);
  }

  leave(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    this.outputs.audio.remove(viewer);
    this.outputs.video.remove(viewer);
  }

  outputOf(ssrc: number): Output | null {
    const { audio, video } = this.outputs;
    if (ssrc === video.ssrc) return video;
    return ssrc === audio.ssrc ? audio : null;
  }

  requestKeyframe(nowMs: number): void {
    if (this.#throttle.request(nowMs)) this.#publisher?.requestKeyframe();
  }

  keyframeArrived(): void {
    this.#throttle.satisfied();
  }

  /** The publisher's clock is known: the first time, viewers are told without delay. */
  clockKnown(kind: TrackKind, nowMs: number): void {
    if (this.#clocks.has(kind)) return;
    this.#clocks.add(kind);
    this.#reportedMs = nowMs;
    this.#report(this.#viewers, nowMs);
  }

  /** Sends what has become due. */
  tick(nowMs: number): void {
    this.#publisher?.tick(nowMs);
    if (this.outputs.video.takeInterruption()) this.requestKeyframe(nowMs);
    const stuck =
      nowMs - this.#throttle.sentMs >= ASK_AGAIN_MS && this.outputs.video.awaitsKeyframe;
    if (stuck) this.requestKeyframe(nowMs);
    else if (this.#throttle.due(nowMs)) this.#publisher?.requestKeyframe();
    if (nowMs - this.#reportedMs < REPORT_MS) return;
    this.#reportedMs = nowMs;
    this.#report(this.#viewers, nowMs);
  }

  #report(viewers: Iterable<Viewer>, nowMs: number): void {
    const audio = this.outputs.audio.report(nowMs);
    const video = this.outputs.video.report(nowMs);
    for (const viewer of viewers) {
      if (audio !== null && viewer.wants.audio) viewer.send(audio);
      if (video !== null && viewer.wants.video) viewer.send(video);
    }
  }
}
