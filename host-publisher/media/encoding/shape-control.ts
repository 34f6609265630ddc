import type { EncodedPicture } from '../../../gateway/protocol/host.ts';
import type { Pipeline } from '../gstreamer/pipeline.ts';
import { GATE_ELEMENT, RATE_ELEMENT, SHAPE_ELEMENT, shapeCaps } from './shape.ts';

/** Changes the frames that a pipeline encodes while it plays. */
export class ShapeControl {
  readonly #pipeline: Pipeline;
  #pause: NodeJS.Timeout | undefined;

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
  }

  change(picture: EncodedPicture, former: EncodedPicture): void {
    const caps = shapeCaps(picture);
    if (caps !== shapeCaps(former)) this.#pipeline.set(SHAPE_ELEMENT, 'caps', caps);
    if (picture.fps !== former.fps) this.restart();
  }

  /** What it is behind, of a slow source or after a rest, does not come on top of its rate. */
  restart(): void {
    this.#pipeline.restartTime(RATE_ELEMENT);
  }

  /** Lets no frame through for so long; a pause within a pause begins it anew. */
  pause(forMs: number, resumed: () => void): void {
    clearTimeout(this.#pause);
    this.#pipeline.set(GATE_ELEMENT, 'drop', 'true');
    this.#pause = setTimeout(() => {
      this.#pipeline.set(GATE_ELEMENT, 'drop', 'false');
      resumed();
    }, forMs);
  }

  close(): void {
    clearTimeout(this.#pause);
  }
}
