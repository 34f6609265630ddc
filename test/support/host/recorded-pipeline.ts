import { expect, onTestFinished } from 'vitest';
import { EncodingControl } from '../../../host-publisher/media/encoding/encoding-control.ts';
import { ENCODERS } from '../../../host-publisher/media/encoding/encoders.ts';
import { describeShape } from '../../../host-publisher/media/encoding/shape.ts';
import type { Gst } from '../../../host-publisher/media/gstreamer/native.ts';
import { Pipeline } from '../../../host-publisher/media/gstreamer/pipeline.ts';
import { Recording } from '../../../host-publisher/media/recording/recording.ts';
import { tapped } from '../../../host-publisher/media/recording/taps.ts';

const WHOLE = { width: 640, height: 360, fps: 30, bitrateKbps: 800 };
const ENCODER = {
  H264:
    'x264enc tune=zerolatency speed-preset=ultrafast byte-stream=true bitrate=800 key-int-max=300 ! ' +
    'video/x-h264,profile=constrained-baseline,stream-format=byte-stream,alignment=au',
  VP8: 'vp8enc deadline=1 cpu-used=16 keyframe-max-dist=300 target-bitrate=800000',
};

/** A pattern and a tone that start together, encoded and recorded as a publication's are. */
export class RecordedPipeline {
  readonly notices: string[] = [];
  /** When each frame was handed on to be published, in milliseconds. */
  readonly publishedAtMs: number[] = [];
  readonly #pipeline: Pipeline;
  readonly #control: EncodingControl;
  #recording: Recording | null = null;

  static async play(
    gst: Gst,
    path: string,
    codec: 'H264' | 'VP8' = 'H264',
  ): Promise<RecordedPipeline> {
    const recorded = new RecordedPipeline(gst, codec);
    await recorded.#start(gst, path, codec);
    onTestFinished(() => recorded.close());
    return recorded;
  }

  private constructor(gst: Gst, codec: 'H264' | 'VP8') {
    const picture =
      'videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=640,height=360,framerate=30/1 ! ' +
      `${describeShape(WHOLE)} ! ${ENCODER[codec]}`;
    const sound =
      'audiotestsrc is-live=true samplesperbuffer=480 ! audio/x-raw,rate=48000,channels=2 ! opusenc frame-size=10';
    this.#pipeline = Pipeline.parse(
      gst,
      `${tapped(picture, 'picture')} appsink name=video emit-signals=true sync=false async=false ` +
        `${tapped(sound, 'sound')} fakesink async=false`,
    );
    const [encoder = expect.fail()] = ENCODERS;
    this.#control = new EncodingControl(this.#pipeline, encoder);
    this.#pipeline.onBuffer('video', () => {
      this.publishedAtMs.push(performance.now());
    });
  }

  async #start(gst: Gst, path: string, codec: 'H264' | 'VP8'): Promise<void> {
    await this.#pipeline.play();
    this.#recording = new Recording({
      gst,
      pipeline: this.#pipeline,
      codec,
      picture: WHOLE,
      sound: true,
      record: { path, name: 'demo-main' },
      notice: (text) => void this.notices.push(text),
      askKeyframe: () => this.#pipeline.forceKeyframe('video'),
    });
    this.#pipeline.forceKeyframe('video');
  }

  get published(): number {
    return this.publishedAtMs.length;
  }

  get seconds(): number {
    return Number(this.#pipeline.runningTimeNs) / 1e9;
  }

  /** A quarter of the picture. */
  shrink(): void {
    this.#control.change({ ...WHOLE, width: 320, height: 180 }, WHOLE);
  }

  /** Nothing is encoded for so long; resolves when it goes on, with a key frame. */
  pause(forMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#control.pause(forMs, () => {
        this.#pipeline.forceKeyframe('video');
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    this.#control.close();
    await this.#recording?.close();
    await this.#pipeline.close();
  }
}
