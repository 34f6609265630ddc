import type { AudienceReport, PictureSize, Tuning } from '../../gateway/protocol/host.ts';
import { GstPublisher } from '../publish/gstreamer/gst-publisher.ts';
import { NativePublisher } from '../publish/native-publisher.ts';
import type { Publisher } from '../publish/publisher.ts';
import { RateControl } from '../publish/rate-control.ts';
import { EncodedCapture, type EncodedCaptureParts } from './encoded-capture.ts';
import { loadObjects } from './gstreamer/objects.ts';
import type { FromMedia } from './messages.ts';
import { Recording } from './recording/recording.ts';

export type WhipOutletParts = Omit<EncodedCaptureParts, 'mode' | 'onRate' | 'askKeyframe'>;

/** A capture's way out by WHIP: encoded for one server, offered, connected, ended. */
export class WhipOutlet {
  readonly #parts: WhipOutletParts;
  readonly #encoded: EncodedCapture;
  readonly #publisher: Publisher;
  #control: RateControl | null = null;
  #recording: Recording | null = null;

  constructor(parts: WhipOutletParts) {
    this.#parts = parts;
    // Each whipsink that is made says that it will be replaced by whipclientsink.
    if (parts.publisher === 'whipsink') loadObjects().silence('whipsink');
    this.#encoded = new EncodedCapture({
      ...parts,
      mode: 'webrtc',
      onRate: (kbps) => this.#publisher.targetChanged(kbps),
      askKeyframe: () => this.#publisher.askKeyframe(),
    });
    this.#publisher = this.#newPublisher();
  }

  /** Resolves when the server is gone; fails with the pipeline's error. */
  get ended(): Promise<string> {
    const stopped = this.#encoded.pipeline.ended.then(() => 'the pipeline has ended');
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
      adaptation: this.#encoded.adaptation,
      onFigures: (figures) => this.#parts.tell({ type: 'figures', figures }),
    });
  }

  /** Encodes at most this from now on: the desktop that it shows has another size. */
  resize(size: PictureSize): void {
    this.#encoded.adaptation.resize(size);
  }

  /** The first picture that is captured from now on is told. */
  mark(inputId: number): void {
    this.#publisher.mark?.(inputId);
  }

  /** Fixes and releases what is encoded, at once. */
  tune(tuning: Tuning): void {
    this.#encoded.adaptation.tune(tuning);
  }

  /** What the viewers' players measure together. */
  hear(report: AudienceReport): void {
    this.#encoded.adaptation.hear(report);
  }

  /** Sends a key frame, at most one per second. */
  askKeyframe(): void {
    this.#publisher.askKeyframe();
  }

  async close(): Promise<void> {
    this.#encoded.stop();
    this.#control?.close();
    this.#publisher.close();
    await this.#recording?.close();
    await this.#encoded.end();
  }

  #newPublisher(): Publisher {
    const { gst, plan, publisher, encoder, tell } = this.#parts;
    const { streams, pipeline, adaptation } = this.#encoded;
    const common = {
      pipeline,
      play: () => pipeline.play(),
      flow: () => {
        this.#record();
        this.#encoded.flow();
      },
      iceServers: plan.iceServers,
      codec: encoder.codec,
    };
    if (publisher !== 'native') {
      return new GstPublisher({ ...common, gst, objects: loadObjects(), element: publisher });
    }
    return new NativePublisher({
      ...common,
      video: streams.video,
      audio: streams.sound ? streams.audio : null,
      targetKbps: adaptation.picture.bitrateKbps,
      onPictured: (mark, rtpTimestamp) => tell({ type: 'input-pictured', mark, rtpTimestamp }),
    });
  }

  #record(): void {
    const { gst, plan, encoder, tell } = this.#parts;
    if (plan.record === null || this.#encoded.isStopped) return;
    this.#recording = new Recording({
      gst,
      pipeline: this.#encoded.pipeline,
      codec: encoder.codec,
      picture: this.#encoded.adaptation.picture,
      sound: this.#encoded.streams.sound,
      record: plan.record,
      notice: (text) => tell({ type: 'notice', text }),
      askKeyframe: () => this.#publisher.askKeyframe(),
    });
  }
}
