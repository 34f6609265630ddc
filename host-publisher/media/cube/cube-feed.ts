import type { Pipeline } from '../gstreamer/pipeline.ts';
import type { Picture } from '../plan.ts';
import { FrameClock } from './frame-clock.ts';
import { CubeScene } from './scene.ts';

/** Name of the appsrc that takes the cube. */
export const CUBE_ELEMENT = 'cube';

/** Paints the cube at a fixed rate into a playing pipeline until it is closed or does not take more. */
export class CubeFeed {
  readonly #pipeline: Pipeline;
  readonly #scene: CubeScene;
  readonly #clock: FrameClock;
  readonly #startNs: bigint;
  #timer: NodeJS.Timeout | undefined;

  constructor(pipeline: Pipeline, { width, height, fps }: Picture) {
    this.#pipeline = pipeline;
    this.#scene = new CubeScene(width, height);
    this.#startNs = pipeline.runningTimeNs;
    this.#clock = new FrameClock(fps, performance.now());
    this.#paint();
  }

  /** Shows the number of the last input from the next frame on. */
  mark(inputId: number): void {
    this.#scene.mark(inputId);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #paint(): void {
    const frame = this.#clock.due(performance.now());
    if (frame !== null) {
      const sinceStartNs = this.#clock.timeNs(frame);
      const durationNs = this.#clock.timeNs(frame + 1) - sinceStartNs;
      const bytes = this.#scene.paint(Number(sinceStartNs) / 1e9, Date.now(), frame);
      const taken = this.#pipeline.push(
        CUBE_ELEMENT,
        bytes,
        this.#startNs + sinceStartNs,
        durationNs,
      );
      if (!taken) return;
    }
    this.#timer = setTimeout(() => this.#paint(), this.#clock.waitMs(performance.now()));
  }
}
