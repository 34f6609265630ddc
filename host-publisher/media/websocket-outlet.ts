import type { EncodedPicture, PictureSize, Tuning } from '../../gateway/protocol/host.ts';
import { Adaptation } from '../adaptation/adaptation.ts';
import { StripesPath } from '../adaptation/stripes-path.ts';
import { gstRows } from '../stripes/gst-rows.ts';
import type { Stripes, StripesDemand, StripesFigures, StripesOptions } from '../stripes/stripes.ts';
import { stripesEncodersWith, type StripesEncoder } from '../stripes/stripes-encoder.ts';
import { StripesOutlet } from '../stripes/stripes-outlet.ts';
import type { Capture } from './capture.ts';
import { PICTURE_SOURCE } from './description.ts';
import { describeShape } from './encoding/shape.ts';
import { ShapeControl } from './encoding/shape-control.ts';
import type { Gst } from './gstreamer/native.ts';
import { passOn, readPassing, watchPassing, type PassingBuffer } from './gstreamer/passing.ts';
import { Pipeline } from './gstreamer/pipeline.ts';
import { shapeOf, viewRawPicture } from './gstreamer/raw-pictures.ts';
import type { FromMedia } from './messages.ts';
import { SOURCES } from './outlet.ts';
import type { MediaPlan } from './plan.ts';

const LOOK_MS = 250;
const SINK = 'shaped';
/** Bits that a picture takes, for each that H.264 of the whole picture takes. */
const BITS: Readonly<Record<StripesEncoder, number>> = {
  'jpeg-striped': 8,
  'x264enc-striped': 1,
  h264: 1,
};

export interface WebSocketOutletParts {
  readonly gst: Gst;
  readonly plan: MediaPlan;
  readonly capture: Capture;
  readonly encoder: StripesEncoder;
  readonly url: string;
  readonly token: () => string;
  readonly tell: (message: FromMedia) => void;
}

/** A capture's way out by WebSocket, with an adaptation of its own; nothing is encoded for nobody. */
export class WebSocketOutlet {
  readonly #parts: WebSocketOutletParts;
  readonly #adaptation: Adaptation;
  readonly #path = new StripesPath();
  readonly #pipeline: Pipeline;
  readonly #shape: ShapeControl;
  readonly #stripes: Stripes;
  readonly #timer: NodeJS.Timeout;
  #stopPicture: (() => void) | null = null;
  #stopSound: (() => void) | null = null;
  #isPaused = false;
  #closed = false;

  private constructor(parts: WebSocketOutletParts) {
    const { gst, plan, capture, tell } = parts;
    this.#parts = parts;
    const bits = BITS[parts.encoder];
    const most = { ...plan.picture, bitrateKbps: plan.picture.bitrateKbps * bits };
    this.#adaptation = new Adaptation({
      goal: { most, content: plan.content, bits },
      fixed: plan.fixed,
      apply: (picture, former) => {
        this.#shape.change(picture, former);
        this.#stripes.tune(this.#target(picture));
      },
      pause: (forMs) => this.#pause(forMs),
      tell: (picture, fixed) => tell({ type: 'picture', mode: 'websocket', picture, fixed }),
    });
    const first = this.#adaptation.picture;
    this.#pipeline = Pipeline.parse(
      gst,
      `${PICTURE_SOURCE} ! ${describeShape(first)} ! appsink name=${SINK} ` +
        'emit-signals=true sync=false async=false max-buffers=1 drop=true',
    );
    this.#pipeline.shareTime(capture.pipeline);
    watchPassing(gst, this.#pipeline, SINK, (frame) => this.#encode(frame));
    this.#shape = new ShapeControl(this.#pipeline);
    this.#stripes = this.#newStripes(first);
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  /** Dials at once, and again after every loss. */
  static async open(parts: WebSocketOutletParts): Promise<WebSocketOutlet> {
    const outlet = new WebSocketOutlet(parts);
    await outlet.#pipeline.play();
    parts.tell({ type: 'stripes-encoder', encoder: parts.encoder });
    outlet.#stripes.open();
    return outlet;
  }

  /** Fails with the error of what shapes its frames. */
  get ended(): Promise<string> {
    return this.#pipeline.ended.then(() => 'the pipeline has ended');
  }

  resize(size: PictureSize): void {
    this.#adaptation.resize(size);
  }

  tune(tuning: Tuning): void {
    this.#adaptation.tune(tuning);
  }

  /** The first picture that is captured from now on is told. */
  mark(inputId: number): void {
    if (this.#stopPicture !== null) this.#stripes.mark(inputId);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#hear({ picture: 0, sound: 0 });
    this.#shape.close();
    await this.#stripes.close();
    await this.#pipeline.close();
  }

  #newStripes(first: EncodedPicture): Stripes {
    const { gst, plan, encoder, url, token, tell } = this.#parts;
    const options: StripesOptions = {
      ...{ url, token, encoder, excluded: stripesEncodersWith(plan.excludedEncoders) },
      target: this.#target(first),
      events: {
        onWelcome: () => tell({ type: 'stripes-admitted' }),
        onDemand: (demand) => this.#hear(demand),
        onReport: (report) => this.#path.report(report),
        onFigures: (figures) => this.#figure(figures),
        onEncoder: (encoder) => tell({ type: 'stripes-encoder', encoder }),
        onPictured: (mark, capturedAtUs) => tell({ type: 'input-pictured', mark, capturedAtUs }),
        onLost: ({ code, message }) => tell({ type: 'stripes-lost', code, message, barred: false }),
        onBarred: ({ code, message }) =>
          tell({ type: 'stripes-lost', code, message, barred: true }),
        notice: (text) => tell({ type: 'notice', text }),
      },
    };
    return new StripesOutlet(options, gstRows(gst));
  }

  #target({ bitrateKbps, fps }: EncodedPicture) {
    return { bitrateKbps, fps, quality: this.#parts.plan.stripes.quality };
  }

  /** Takes of the capture what somebody wants. */
  #hear({ picture, sound }: StripesDemand): void {
    const { capture } = this.#parts;
    const wantsPicture = picture > 0 && !this.#closed;
    const wantsSound = sound > 0 && !this.#closed && capture.hasSound;
    if (!wantsPicture) this.#stopPicture = stop(this.#stopPicture);
    else this.#stopPicture ??= capture.onPicture((frame) => this.#take(frame));
    if (!wantsSound) this.#stopSound = stop(this.#stopSound);
    else this.#stopSound ??= capture.onSound((packet) => this.#hearSound(packet));
  }

  /** A frame that is as it should be needs no shaping. */
  #take(frame: PassingBuffer): void {
    const { width, height, fps } = this.#adaptation.picture;
    const shape = shapeOf(frame);
    const fits =
      shape.width === width && shape.height === height && fps >= this.#parts.plan.picture.fps;
    if (fits && !this.#isPaused) this.#encode(frame);
    else passOn(this.#parts.gst, this.#pipeline, SOURCES.picture, frame);
  }

  #encode(frame: PassingBuffer): void {
    if (this.#stopPicture === null) return;
    const capturedAtUs = this.#parts.capture.wallClockUs(frame.timeNs);
    viewRawPicture(frame, ({ pixels, ...shape }) =>
      this.#stripes.frame(pixels, { ...shape, capturedAtUs }),
    );
  }

  #pause(forMs: number): void {
    this.#isPaused = true;
    this.#shape.pause(forMs, () => {
      this.#isPaused = false;
    });
  }

  #hearSound(packet: PassingBuffer): void {
    const { gst, capture } = this.#parts;
    const bytes = Buffer.allocUnsafe(packet.bytes);
    readPassing(gst, packet, bytes);
    this.#stripes.sound(bytes, capture.wallClockUs(packet.timeNs));
  }

  #look(): void {
    if (this.#stopPicture === null) return;
    const report = this.#path.takeReport();
    if (report !== null) this.#adaptation.hear(report);
    this.#adaptation.look(this.#path.observe(this.#stripes.figures));
  }

  #figure(figures: StripesFigures): void {
    const { frames, kbps, soundKbps, encodeMs, encodeMaxMs, queueMs } = figures;
    this.#parts.tell({
      type: 'stripes-figures',
      figures: {
        targetKbps: this.#adaptation.picture.bitrateKbps,
        sentKbps: kbps + soundKbps,
        framesPerSecond: frames,
        encodeMs,
        encodeMaxMs,
        queueMs: queueMs ?? 0,
      },
    });
  }
}

function stop(taking: (() => void) | null): null {
  taking?.();
  return null;
}
