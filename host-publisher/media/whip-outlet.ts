import { randomInt } from 'node:crypto';
import type {
  AudienceReport,
  EncodedPicture,
  PictureSize,
  Tuning,
} from '../../gateway/protocol/host.ts';
import { Adaptation } from '../adaptation/adaptation.ts';
import { GstPublisher } from '../publish/gstreamer/gst-publisher.ts';
import { NativePublisher } from '../publish/native-publisher.ts';
import type { Publisher } from '../publish/publisher.ts';
import { RateControl } from '../publish/rate-control.ts';
import { AUDIO_CLOCK, VIDEO_CLOCK } from '../publish/rtp/rtp-clock.ts';
import type { Capture } from './capture.ts';
import { describePipeline, pipelineElements, type PipelineParts } from './description.ts';
import { EncodingControl } from './encoding/encoding-control.ts';
import type { WhipEquipment } from './equipment.ts';
import { requireElements } from './gstreamer/elements.ts';
import type { Gst } from './gstreamer/native.ts';
import { loadObjects } from './gstreamer/objects.ts';
import { passOn } from './gstreamer/passing.ts';
import { Pipeline } from './gstreamer/pipeline.ts';
import type { FromMedia } from './messages.ts';
import { SOURCES, type RtpStart } from './outlet.ts';
import type { MediaPlan } from './plan.ts';
import { Recording } from './recording/recording.ts';

export interface WhipOutletParts extends WhipEquipment {
  readonly gst: Gst;
  readonly plan: MediaPlan;
  readonly capture: Capture;
  readonly tell: (message: FromMedia) => void;
}

/** A capture's way out by WHIP: encoded for one server, offered, connected, ended. */
export class WhipOutlet {
  readonly #parts: WhipOutletParts;
  readonly #streams: PipelineParts;
  readonly #adaptation: Adaptation;
  readonly #pipeline: Pipeline;
  readonly #encoding: EncodingControl;
  readonly #publisher: Publisher;
  #control: RateControl | null = null;
  #recording: Recording | null = null;
  #stopTaking: readonly (() => void)[] = [];
  #closed = false;

  constructor(parts: WhipOutletParts) {
    const { gst, plan, capture, encoder, publisher, tell } = parts;
    this.#parts = parts;
    const { picture: most, content, fixed } = plan;
    this.#adaptation = new Adaptation({
      goal: { most, content },
      fixed,
      apply: (picture, former) => {
        this.#encoding.change(picture, former);
        this.#publisher.targetChanged(picture.bitrateKbps);
      },
      pause: (forMs) => this.#encoding.pause(forMs, () => this.#publisher.askKeyframe()),
      tell: (picture, fixedNow) =>
        tell({ type: 'picture', mode: 'webrtc', picture, fixed: fixedNow }),
    });
    const first = this.#adaptation.picture;
    const playedMs = Number(capture.pipeline.runningTimeNs) / 1e6;
    this.#streams = {
      ...{ plan, encoder, publisher, sound: capture.hasSound },
      video: newStart(VIDEO_CLOCK, playedMs),
      audio: newStart(AUDIO_CLOCK, playedMs),
    };
    requireElements(gst, pipelineElements(this.#streams));
    // Each whipsink that is made says that it will be replaced by whipclientsink.
    if (publisher === 'whipsink') loadObjects().silence('whipsink');
    this.#pipeline = Pipeline.parse(gst, describePipeline(this.#streams, first));
    this.#pipeline.shareTime(capture.pipeline);
    this.#encoding = new EncodingControl(this.#pipeline, encoder);
    this.#publisher = this.#newPublisher(first);
  }

  /** Resolves when the server is gone; fails with the pipeline's error. */
  get ended(): Promise<string> {
    const stopped = this.#pipeline.ended.then(() => 'the pipeline has ended');
    return Promise.race([this.#publisher.gone, stopped]);
  }

  async offer(): Promise<Extract<FromMedia, { type: 'offer' }>> {
    const { element, codec } = this.#parts.encoder;
    return { type: 'offer', sdp: await this.#publisher.offer(), encoder: element, codec };
  }

  /** Takes the answer; resolves when the first packet of the picture has gone out. */
  async connect(sdp: string): Promise<void> {
    await this.#publisher.connect(sdp);
    this.#control = new RateControl({
      publisher: this.#publisher,
      adaptation: this.#adaptation,
      onFigures: (figures) => this.#parts.tell({ type: 'figures', figures }),
    });
  }

  /** Encodes at most this from now on: the desktop that it shows has another size. */
  resize(size: PictureSize): void {
    this.#adaptation.resize(size);
  }

  /** The first picture that is captured from now on is told. */
  mark(inputId: number): void {
    this.#publisher.mark?.(inputId);
  }

  /** Fixes and releases what is encoded, at once. */
  tune(tuning: Tuning): void {
    this.#adaptation.tune(tuning);
  }

  /** What the viewers' players measure together. */
  hear(report: AudienceReport): void {
    this.#adaptation.hear(report);
  }

  /** Sends a key frame, at most one per second. */
  askKeyframe(): void {
    this.#publisher.askKeyframe();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#stopTaking) stop();
    this.#control?.close();
    this.#encoding.close();
    this.#publisher.close();
    await this.#recording?.close();
    await this.#pipeline.close();
  }

  #newPublisher(first: EncodedPicture): Publisher {
    const { gst, plan, publisher, encoder, tell } = this.#parts;
    const { video, audio, sound } = this.#streams;
    const common = {
      pipeline: this.#pipeline,
      play: () => this.#pipeline.play(),
      flow: () => this.#flow(),
      iceServers: plan.iceServers,
      codec: encoder.codec,
    };
    if (publisher !== 'native') {
      return new GstPublisher({ ...common, gst, objects: loadObjects(), element: publisher });
    }
    return new NativePublisher({
      ...common,
      video,
      audio: sound ? audio : null,
      targetKbps: first.bitrateKbps,
      onPictured: (mark, rtpTimestamp) => tell({ type: 'input-pictured', mark, rtpTimestamp }),
    });
  }

  #flow(): void {
    if (this.#closed) return;
    const { gst, capture } = this.#parts;
    const into = (source: string) => (passing: Parameters<typeof passOn>[3]) => {
      passOn(gst, this.#pipeline, source, passing);
    };
    this.#record();
    this.#stopTaking = [
      capture.onPicture(into(SOURCES.picture)),
      ...(capture.hasSound ? [capture.onSound(into(SOURCES.sound))] : []),
    ];
  }

  #record(): void {
    const { gst, plan, encoder, tell } = this.#parts;
    if (plan.record === null) return;
    this.#recording = new Recording({
      gst,
      pipeline: this.#pipeline,
      codec: encoder.codec,
      picture: this.#adaptation.picture,
      sound: this.#streams.sound,
      record: plan.record,
      notice: (text) => tell({ type: 'notice', text }),
      askKeyframe: () => this.#publisher.askKeyframe(),
    });
  }
}

/** On the wall clock: a server that joins publications need not move the next one's timestamps. */
function newStart(clockRate: number, playedMs: number): RtpStart {
  const ticks = Math.round(((Date.now() - playedMs) / 1000) * clockRate);
  // 2^32 - 1 has payloaders choose for themselves.
  return { ssrc: randomInt(1, 0xffff_ffff), timestampOffset: ticks % 0xffff_ffff };
}
