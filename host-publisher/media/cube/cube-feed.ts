import type { Injection } from '../../input/injection.ts';
import type { Pipeline } from '../gstreamer/pipeline.ts';
import type { Picture } from '../plan.ts';
import type { Feed } from '../sources/feed.ts';
import { FrameClock } from './frame-clock.ts';
import type { GlCube } from './gl-cube.ts';
import { CubeScene } from './scene.ts';

/** Name of the appsrc that takes the cube. */
export const CUBE_ELEMENT = 'cube';

/** Paints the cube at a fixed rate into a playing pipeline until it is closed or does not take more. */
export class CubeFeed implements Feed {
  readonly failure = Promise.withResolvers<never>().promise;
  readonly #pipeline: Pipeline;
  readonly #scene: CubeScene;
  readonly #gl: GlCube | null;
  readonly #clock: FrameClock;
  readonly #startNs: bigint;
  #timer: NodeJS.Timeout | undefined;

  /** `gl` null: in software; it is closed with the feed. */
  constructor(pipeline: Pipeline, { width, height, fps }: Picture, gl: GlCube | null = null) {
    this.#pipeline = pipeline;
    this.#scene = new CubeScene(width, height);
    this.#gl = gl;
    this.#startNs = pipeline.runningTimeNs;
    this.#clock = new FrameClock(fps, performance.now());
    this.#paint();
  }

  mark(inputId: number): void {
    this.#scene.mark(inputId);
  }

  inject(acts: readonly Injection[], fresh: boolean): void {
    this.#scene.inject(acts, fresh);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#gl?.close();
  }

  #paint(): void {
    const nowMs = performance.now();
    const frame = this.#clock.due(nowMs);
    if (frame !== null && !this.#push(frame, nowMs)) return;
    this.#timer = setTimeout(() => this.#paint(), this.#clock.waitMs(performance.now()));
  }

  /** False once the pipeline flushes or has ended. */
  #push(frame: number, nowMs: number): boolean {
    const sinceStartNs = this.#clock.timeNs(frame);
    const bytes = this.#render(frame, Number(sinceStartNs) / 1e9, nowMs);
    if (bytes === null) return true;
    const durationNs = this.#clock.timeNs(frame + 1) - sinceStartNs;
    return this.#pipeline.push(CUBE_ELEMENT, bytes, this.#startNs + sinceStartNs, durationNs);
  }

  /** Null: OpenGL is not ready yet, and the frame is left out. */
  #render(frame: number, seconds: number, nowMs: number): Buffer | null {
    const gl = this.#gl;
    const state = this.#scene.turnTo(seconds);
    gl?.turnTo(state);
    if (gl?.read(this.#scene.bytes, nowMs)) return this.#scene.label(Date.now(), frame);
    if (gl?.works) return null;
    return this.#scene.paint(Date.now(), frame);
  }
}
