import type { EncodedPicture } from '../../../gateway/protocol/host.ts';
import type { Pipeline } from '../gstreamer/pipeline.ts';
import { ENCODER_ELEMENT } from './branch.ts';
import type { Encoder } from './encoder.ts';
import { ShapeControl } from './shape-control.ts';

/** Changes what a pipeline encodes, and how, while it plays. */
export class EncodingControl {
  readonly #pipeline: Pipeline;
  readonly #encoder: Encoder;
  readonly #shape: ShapeControl;

  constructor(pipeline: Pipeline, encoder: Encoder) {
    this.#pipeline = pipeline;
    this.#encoder = encoder;
    this.#shape = new ShapeControl(pipeline);
  }

  change(picture: EncodedPicture, former: EncodedPicture): void {
    if (picture.bitrateKbps !== former.bitrateKbps) {
      for (const [property, value] of this.#encoder.bitrate(picture.bitrateKbps)) {
        this.#pipeline.set(ENCODER_ELEMENT, property, value);
      }
    }
    this.#shape.change(picture, former);
  }

  /** Lets no frame through to the encoder for so long; a pause within a pause begins it anew. */
  pause(forMs: number, resumed: () => void): void {
    this.#shape.pause(forMs, resumed);
  }

  /** Frames come again after a rest. */
  resume(): void {
    this.#shape.restart();
  }

  close(): void {
    this.#shape.close();
  }
}
