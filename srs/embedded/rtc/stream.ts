import { randomBytes } from 'node:crypto';

import type { StreamCodecs } from '../media.ts';
import type { TrackKind } from './codec.ts';
import type { Egress } from './egress.ts';
import { Layers } from './layers.ts';
import { Output } from './output.ts';
import { NO_SHIFT } from './rtp/shift.ts';
import type { PublishedStream, Publisher } from './publisher.ts';
import type { StreamTap } from './stream-tap.ts';
import type { Viewer, WatchedStream } from './viewer.ts';

const REPORT_MS = 1_000;

/** One published name: at most one publisher, any number of viewers, both may come first. */
export class Stream implements PublishedStream, WatchedStream {
  readonly key: string;
  readonly audio: Output;
  readonly video: Layers;
  readonly #viewers = new Set<Viewer>();
  #publisher: Publisher | null = null;
  #reportedMs = 0;
  readonly #clocks = new Set<Output>();
  /** Takes what is published, for a recorder. */
  tap: StreamTap | null = null;
  /** Sessions that hold this stream, connected or not. */
  holders = 0;
  /** Taken from the moment a publisher's offer is accepted. */
  busy = false;

  constructor(key: string, egress: Egress) {
    this.key = key;
    const cname = this.streamId;
    const ssrc = randomBytes(4).readUInt32BE(0);
    this.audio = new Output({ kind: 'audio', cname, ssrc }, egress);
    const request = (output: Output): boolean => this.#publisher?.requestKeyframe(output) ?? false;
    this.video = new Layers({ cname, egress, request });
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

  /** What a viewer's answer announces. */
  announced(kind: TrackKind): { readonly ssrc: number; readonly cname: string } {
    return kind === 'audio' ? this.audio : this.video;
  }

  attach(publisher: Publisher): void {
    this.#publisher = publisher;
    this.#clocks.clear();
  }

  detach(publisher: Publisher): void {
    if (this.#publisher !== publisher) return;
    this.#publisher = null;
    this.tap?.close();
    this.audio.endSource();
    this.video.end();
  }

  /** Starts forwarding to a connected viewer. */
  join(viewer: Viewer, nowMs: number): void {
    this.#viewers.add(viewer);
    if (viewer.audio !== null) {
      viewer.audio.target = this.audio;
      this.audio.add(viewer.audio, nowMs);
    }
    if (viewer.video !== null) this.video.add(viewer.video, nowMs);
    this.#report([viewer], nowMs);
  }

  leave(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    viewer.audio?.leave();
    if (viewer.video !== null) this.video.remove(viewer.video);
  }

  /** The publisher has said how the clock of an output runs: viewers are told without delay. */
  clockKnown(output: Output, nowMs: number): void {
    if (this.#clocks.has(output)) return;
    this.#clocks.add(output);
    this.#reportedMs = nowMs;
    this.#report(this.#viewers, nowMs);
  }

  /** Sends what has become due. */
  tick(nowMs: number): void {
    this.#publisher?.tick(nowMs);
    this.video.tick(nowMs);
    this.tap?.tick(nowMs);
    if (nowMs - this.#reportedMs >= REPORT_MS) {
      this.#reportedMs = nowMs;
      this.#report(this.#viewers, nowMs);
    } else if (this.video.isLayered) {
      this.#report(
        [...this.#viewers].filter(({ video }) => video?.switched === true),
        nowMs,
      );
    }
  }

  #report(viewers: Iterable<Viewer>, nowMs: number): void {
    const shared = new Map<Output, Buffer | null>();
    for (const viewer of viewers) {
      for (const feed of [viewer.audio, viewer.video]) {
        const { output = null, shift = NO_SHIFT } = feed?.reported ?? {};
        if (output === null) continue;
        const known = shift === NO_SHIFT ? shared.get(output) : undefined;
        const report = known === undefined ? output.report(nowMs, shift) : known;
        if (shift === NO_SHIFT) shared.set(output, report);
        if (report !== null) feed?.sendReport(report, nowMs);
      }
    }
  }
}
