import { randomInt } from 'node:crypto';
import { Adaptation } from '../adaptation/adaptation.ts';
import { AUDIO_CLOCK, VIDEO_CLOCK } from '../publish/rtp/rtp-clock.ts';
import type { Capture } from './capture.ts';
import { describePipeline, pipelineElements, type PipelineParts } from './description.ts';
import { EncodingControl } from './encoding/encoding-control.ts';
import type { WhipEquipment } from './equipment.ts';
import { requireElements } from './gstreamer/elements.ts';
import type { Gst } from './gstreamer/native.ts';
import { passOn } from './gstreamer/passing.ts';
import { Pipeline } from './gstreamer/pipeline.ts';
import type { FromMedia } from './messages.ts';
import { SOURCES, type RtpStart } from './outlet.ts';
import type { MediaMode, MediaPlan } from './plan.ts';

export interface EncodedCaptureParts extends WhipEquipment {
  readonly gst: Gst;
  readonly plan: MediaPlan;
  readonly capture: Capture;
  readonly mode: MediaMode;
  readonly tell: (message: FromMedia) => void;
  /** The encoder has another rate. */
  readonly onRate: (kbps: number) => void;
  /** Pictures go on after a pause, and need a key frame. */
  readonly askKeyframe: () => void;
}

/** A capture as RTP streams, encoded in a pipeline of its own as its adaptation decides. */
export class EncodedCapture {
  readonly streams: PipelineParts;
  readonly adaptation: Adaptation;
  readonly pipeline: Pipeline;
  readonly #parts: EncodedCaptureParts;
  readonly #encoding: EncodingControl;
  #stopTaking: readonly (() => void)[] = [];
  #hasRested = false;
  #stopped = false;

  constructor(parts: EncodedCaptureParts) {
    const { gst, plan, capture, encoder, publisher, mode, tell } = parts;
    this.#parts = parts;
    const { picture: most, content, fixed } = plan;
    this.adaptation = new Adaptation({
      goal: { most, content },
      fixed,
      apply: (picture, former) => {
        this.#encoding.change(picture, former);
        parts.onRate(picture.bitrateKbps);
      },
      pause: (forMs) => this.#encoding.pause(forMs, parts.askKeyframe),
      tell: (picture, fixedNow) => tell({ type: 'picture', mode, picture, fixed: fixedNow }),
    });
    const playedMs = Number(capture.pipeline.runningTimeNs) / 1e6;
    this.streams = {
      ...{ plan, encoder, publisher, sound: capture.hasSound },
      video: newStart(VIDEO_CLOCK, playedMs),
      audio: newStart(AUDIO_CLOCK, playedMs),
    };
    requireElements(gst, pipelineElements(this.streams));
    this.pipeline = Pipeline.parse(gst, describePipeline(this.streams, this.adaptation.picture));
    this.pipeline.shareTime(capture.pipeline);
    this.#encoding = new EncodingControl(this.pipeline, encoder);
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Has pictures and sound come into it, from now on. */
  flow(): void {
    if (this.#stopped || this.#stopTaking.length > 0) return;
    const { gst, capture } = this.#parts;
    const into = (source: string) => (passing: Parameters<typeof passOn>[3]) => {
      passOn(gst, this.pipeline, source, passing);
    };
    if (this.#hasRested) this.#encoding.resume();
    this.#stopTaking = [
      capture.onPicture(into(SOURCES.picture)),
      ...(capture.hasSound ? [capture.onSound(into(SOURCES.sound))] : []),
    ];
  }

  /** Encodes nothing until it flows again. */
  rest(): void {
    for (const stop of this.#stopTaking) stop();
    this.#stopTaking = [];
    this.#hasRested = true;
  }

  /** Takes nothing and pauses nothing any more; the pipeline is closed by `end`. */
  stop(): void {
    this.#stopped = true;
    this.rest();
    this.#encoding.close();
  }

  async end(): Promise<void> {
    this.stop();
    await this.pipeline.close();
  }
}

/** On the wall clock: a server that joins publications need not move the next one's timestamps. */
function newStart(clockRate: number, playedMs: number): RtpStart {
  const ticks = Math.round(((Date.now() - playedMs) / 1000) * clockRate);
  // 2^32 - 1 has payloaders choose for themselves.
  return { ssrc: randomInt(1, 0xffff_ffff), timestampOffset: ticks % 0xffff_ffff };
}
