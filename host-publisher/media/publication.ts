import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  AudienceReport,
  EncodedPicture,
  PictureSize,
  Tuning,
} from '../../gateway/protocol/host.ts';
import { Adaptation } from '../adaptation/adaptation.ts';
import { HostError } from '../host-error.ts';
import type { Injection } from '../input/injection.ts';
import { GstPublisher } from '../publish/gstreamer/gst-publisher.ts';
import { NativePublisher } from '../publish/native-publisher.ts';
import { availablePublishers, choosePublisher } from '../publish/publisher-choice.ts';
import type { Publisher } from '../publish/publisher.ts';
import { RateControl } from '../publish/rate-control.ts';
import { AUDIO_CLOCK, VIDEO_CLOCK } from '../publish/rtp/rtp-clock.ts';
import { describePipeline, pipelineElements, type PipelineParts } from './description.ts';
import type { EncoderChoice } from './encoding/encoder-choice.ts';
import { EncodingControl } from './encoding/encoding-control.ts';
import { requireElements } from './gstreamer/elements.ts';
import type { Gst } from './gstreamer/native.ts';
import { loadObjects } from './gstreamer/objects.ts';
import { Pipeline } from './gstreamer/pipeline.ts';
import type { FromMedia } from './messages.ts';
import type { RtpStart } from './outlet.ts';
import type { MediaPlan } from './plan.ts';
import { chooseSound } from './sound/sound.ts';
import { Recording } from './recording/recording.ts';
import type { Feed, Share } from './sources/feed.ts';
import { FIT_ELEMENT, rawCaps } from './sources/fitting.ts';
import { openSource } from './sources/open-source.ts';
import { SCREEN_ELEMENT } from './sources/x11-source.ts';

const REASON_MS = 500;

type Tell = (message: FromMedia) => void;

/** One capture, encoded and sent to one server: built, offered, connected, ended. */
export class Publication {
  readonly #gst: Gst;
  readonly #parts: PipelineParts;
  readonly #share: Share | null;
  readonly #adaptation: Adaptation;
  readonly #pipeline: Pipeline;
  readonly #encoding: EncodingControl;
  readonly #publisher: Publisher;
  readonly #tell: Tell;
  #control: RateControl | null = null;
  #feed: Feed | null = null;
  #recording: Recording | null = null;
  readonly #feedFailed = Promise.withResolvers<never>();
  #closed = false;

  private constructor(gst: Gst, parts: PipelineParts, share: Share | null, tell: Tell) {
    this.#gst = gst;
    this.#parts = parts;
    this.#share = share;
    this.#tell = tell;
    this.#feedFailed.promise.catch(() => undefined);
    const { picture: most, content, fixed } = parts.plan;
    this.#adaptation = new Adaptation({
      goal: { most, content },
      fixed,
      apply: (picture, former) => {
        this.#encoding.change(picture, former);
        this.#publisher.targetChanged(picture.bitrateKbps);
      },
      pause: (forMs) => this.#encoding.pause(forMs, () => this.#publisher.askKeyframe()),
      tell: (picture, fixedNow) => tell({ type: 'picture', picture, fixed: fixedNow }),
    });
    const first = this.#adaptation.picture;
    // Each whipsink that is made says that it will be replaced by whipclientsink.
    if (parts.publisher === 'whipsink') loadObjects().silence('whipsink');
    this.#pipeline = Pipeline.parse(gst, describePipeline(parts, first));
    this.#encoding = new EncodingControl(this.#pipeline, parts.encoder);
    this.#publisher = this.#newPublisher(gst, first);
  }

  /** Looks what works here, and tells it; fails with a sentence about what is missing. */
  static async look(
    gst: Gst,
    plan: MediaPlan,
    encoders: EncoderChoice,
    tell: Tell,
  ): Promise<PipelineParts> {
    const notice = (text: string): void => tell({ type: 'notice', text });
    const source = await openSource(gst, plan, notice);
    const publisher = choosePublisher(gst, plan);
    const encoder = await encoders.choose(gst, plan, (name) =>
      tell({ type: 'trying', encoder: name }),
    );
    tell({ type: 'trying', encoder: null });
    const sound = await chooseSound(gst, plan.sound, source.sound);
    if (sound.notice !== null) notice(sound.notice);
    const parts = {
      plan,
      source,
      encoder,
      sound,
      publisher,
      video: newStart(VIDEO_CLOCK),
      audio: newStart(AUDIO_CLOCK),
    };
    requireElements(gst, pipelineElements(parts));
    const { element: name, codec, hardware } = encoder;
    const equipment = {
      encoder: { name, codec, hardware },
      sound: sound.text !== null,
      publisher,
      publishers: [...availablePublishers(gst)],
    };
    tell({ type: 'equipped', ...equipment });
    return parts;
  }

  /** Looks, asks where that is needed until `signal` says to stop, and builds it. */
  static async prepare(
    gst: Gst,
    plan: MediaPlan,
    encoders: EncoderChoice,
    tell: Tell,
    signal: AbortSignal,
  ): Promise<Publication> {
    const parts = await Publication.look(gst, plan, encoders, tell);
    const share = (await parts.source.share?.(signal)) ?? null;
    if (share === null) return new Publication(gst, parts, null, tell);
    const source = { ...parts.source, text: share.text };
    try {
      return new Publication(gst, { ...parts, source }, share, tell);
    } catch (error) {
      await share.close();
      throw error;
    }
  }

  /** Resolves when the server is gone; fails with the pipeline's error. */
  get ended(): Promise<string> {
    return Promise.race([
      this.#publisher.gone,
      this.#feedFailed.promise,
      ...(this.#share === null ? [] : [this.#share.ended]),
      this.#pipelineEnded(),
    ]);
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
      onFigures: (figures) => this.#tell({ type: 'figures', figures }),
    });
  }

  /** Draws an X11 cursor into the picture, or leaves it out. */
  showPointer(shown: boolean): void {
    if (this.#parts.plan.source !== 'desktop') return;
    this.#pipeline.set(SCREEN_ELEMENT, 'show-pointer', String(shown));
  }

  /** Encodes at most this from now on: the desktop that it shows has another size. */
  resize(size: PictureSize): void {
    const { source, picture } = this.#parts.plan;
    if (source !== 'desktop') return;
    this.#pipeline.set(FIT_ELEMENT, 'caps', rawCaps({ ...picture, ...size }));
    this.#adaptation.resize(size);
  }

  /** Acts upon what is painted here; what GStreamer captures is acted upon elsewhere. */
  inject(acts: readonly Injection[], fresh: boolean): void {
    this.#feed?.inject?.(acts, fresh);
  }

  /** The cube shows the number of this input, and the first picture after it is told. */
  mark(inputId: number): void {
    this.#feed?.mark?.(inputId);
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
    this.#control?.close();
    this.#encoding.close();
    this.#publisher.close();
    await this.#feed?.close();
    await this.#recording?.close();
    await this.#pipeline.close();
    await this.#share?.close();
  }

  async #pipelineEnded(): Promise<never> {
    try {
      await this.#pipeline.ended;
    } catch (error) {
      await this.#whyShared();
      throw error;
    }
    await this.#whyShared();
    throw new HostError('media', 'GStreamer stopped: the source has ended.');
  }

  /** The pipeline may see the end of what is shared before its reason is told. */
  async #whyShared(): Promise<void> {
    if (this.#share !== null) await Promise.race([this.#share.ended, delay(REASON_MS)]);
  }

  #newPublisher(gst: Gst, first: EncodedPicture): Publisher {
    const { plan, publisher, encoder, sound, video, audio } = this.#parts;
    const common = {
      pipeline: this.#pipeline,
      play: () => this.#play(),
      iceServers: plan.iceServers,
      codec: encoder.codec,
    };
    if (publisher !== 'native') {
      return new GstPublisher({ ...common, gst, objects: loadObjects(), element: publisher });
    }
    return new NativePublisher({
      ...common,
      video,
      audio: sound.text === null ? null : audio,
      targetKbps: first.bitrateKbps,
      onPictured: (mark, rtpTimestamp) =>
        this.#tell({ type: 'input-pictured', mark, rtpTimestamp }),
    });
  }

  async #play(): Promise<void> {
    await this.#pipeline.play();
    if (this.#closed) return;
    this.#record();
    const { feed } = this.#parts.source;
    if (feed === null) return;
    this.#feed = feed(this.#pipeline);
    this.#feed.failure.catch((error: unknown) => this.#feedFailed.reject(error));
  }

  #record(): void {
    const { plan, encoder, sound } = this.#parts;
    if (plan.record === null) return;
    this.#recording = new Recording({
      gst: this.#gst,
      pipeline: this.#pipeline,
      codec: encoder.codec,
      picture: this.#adaptation.picture,
      sound: sound.text !== null,
      record: plan.record,
      notice: (text) => this.#tell({ type: 'notice', text }),
      askKeyframe: () => this.#publisher.askKeyframe(),
    });
  }
}

/** On the wall clock: a server that joins publications need not move the next one's timestamps. */
function newStart(clockRate: number): RtpStart {
  const ticks = Math.round((Date.now() / 1000) * clockRate);
  // 2^32 - 1 has payloaders choose for themselves.
  return { ssrc: randomInt(1, 0xffff_ffff), timestampOffset: ticks % 0xffff_ffff };
}
