import type { Pipeline } from '../media/gstreamer/pipeline.ts';
import { SINKS, type RtpStart } from '../media/outlet.ts';
import { KeyframeGate } from './keyframe-gate.ts';
import { PictureMarks } from './picture-marks.ts';
import { VIDEO_CLOCK, rtpTimestampAt } from './rtp/rtp-clock.ts';
import { timestampOf } from './rtp/rtp-packet.ts';

export interface RtpSourceParts {
  readonly pipeline: Pipeline;
  readonly video: RtpStart;
  /** Whether the pipeline has sound. */
  readonly sound: boolean;
  /** A packet of the picture; false: it went out to nobody. */
  readonly onPicture: (packet: Buffer) => boolean;
  readonly onSound: (packet: Buffer) => void;
  /** See {@link RtpSource.mark}. */
  readonly onPictured: (mark: number, rtpTimestamp: number) => void;
}

/** What leaves a pipeline's payloaders, for one peer or for several. */
export class RtpSource {
  readonly #pipeline: Pipeline;
  readonly #video: RtpStart;
  readonly #gate: KeyframeGate;
  readonly #marks: PictureMarks;
  #keyframes = 0;

  /** The pipeline does not play yet. */
  constructor(parts: RtpSourceParts) {
    const { pipeline, video, sound, onPicture, onSound, onPictured } = parts;
    this.#pipeline = pipeline;
    this.#video = video;
    this.#marks = new PictureMarks(onPictured);
    this.#gate = new KeyframeGate(() => {
      this.#keyframes += 1;
      pipeline.forceKeyframe(SINKS.video);
    });
    pipeline.onBuffer(SINKS.video, (packet) => {
      if (onPicture(packet)) this.#marks.sent(timestampOf(packet));
    });
    if (sound) pipeline.onBuffer(SINKS.audio, onSound);
  }

  /** Key frames that were asked of the encoder. */
  get keyframes(): number {
    return this.#keyframes;
  }

  /** Asks for a key frame, as soon as one may be sent. */
  askKeyframe(): void {
    this.#gate.ask();
  }

  /**
   * Tells by `onPictured`, when its first packet has gone out, of the first picture that was captured
   * after this call: its time in the pipeline is later than now. It shows what was done before.
   */
  mark(mark: number): void {
    const { runningTimeNs } = this.#pipeline;
    this.#marks.wait(mark, rtpTimestampAt(this.#video, VIDEO_CLOCK, runningTimeNs));
  }

  close(): void {
    this.#gate.close();
  }
}
