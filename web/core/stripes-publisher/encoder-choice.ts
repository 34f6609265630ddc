import { H264Encoder } from './h264-encoder.ts';
import { h264CodecOf } from './h264-level.ts';
import { JpegEncoder } from './jpeg-encoder.ts';
import type { EncoderEvents, EncoderSettings, PictureEncoder } from './picture-encoder.ts';

/** Encoders of graphics cards may be lost once or twice. */
const LOSSES = 2;

/** H.264 as long as this browser encodes it, JPEG from then on. */
export class EncoderChoice {
  #losses = 0;

  readonly create = (settings: EncoderSettings, events: EncoderEvents): PictureEncoder => {
    const { width, height, framesPerSecond } = settings;
    const canH264 =
      typeof VideoEncoder !== 'undefined' && h264CodecOf(width, height, framesPerSecond) !== null;
    if (!canH264 || this.#losses > LOSSES) return new JpegEncoder(settings, events);
    let hasWorked = false;
    return new H264Encoder(settings, {
      encoded: (picture) => {
        hasWorked = true;
        events.encoded(picture);
      },
      failed: (problem) => {
        this.#losses += hasWorked ? 1 : LOSSES + 1;
        events.failed(problem);
      },
    });
  };
}
