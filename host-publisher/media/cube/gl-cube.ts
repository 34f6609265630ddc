import { toHostError } from '../../host-error.ts';
import { backOffMs } from '../../supervision/back-off.ts';
import type { Gst } from '../gstreamer/native.ts';
import { Pipeline } from '../gstreamer/pipeline.ts';
import type { Picture } from '../plan.ts';
import { cubeShader, cubeUniforms } from './cube-shader.ts';
import { FIRST_STATE, type CubeState } from './cube-state.ts';

/** Without a frame for so long the OpenGL context counts as lost. */
const SILENCE_MS = 2_000;
const SINK = 'gl';
const SHADER = 'cube-shader';

/** What turns a cube by OpenGL, without a window: renders the next frame when one was taken. */
export const GL_CUBE_ELEMENTS = ['gltestsrc', 'glshader', 'gldownload', 'videoconvert'];

export function describeGlCube(picture: Picture): string {
  const { width, height, fps } = picture;
  return (
    `gltestsrc pattern=black ! video/x-raw(memory:GLMemory),format=RGBA,width=${width},` +
    `height=${height},framerate=${fps}/1 ! glshader name=${SHADER} ` +
    `fragment="${cubeShader(picture)}" uniforms="${cubeUniforms(FIRST_STATE, picture)}" ! ` +
    'gldownload ! videoconvert ! video/x-raw,format=I420'
  );
}

export interface GlCubeParts {
  readonly gst: Gst;
  readonly picture: Picture;
  /** Asked for at each start. */
  readonly describe: () => string;
  readonly notice: (text: string) => void;
}

/** The cube by OpenGL; a lost context is rebuilt, and meanwhile there is no frame. */
export class GlCube {
  readonly #parts: GlCubeParts;
  #pipeline: Pipeline | null = null;
  #failures = 0;
  #retryAtMs = 0;
  #frameAtMs = 0;
  #closing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: GlCubeParts) {
    this.#parts = parts;
    this.#start(performance.now());
  }

  /** Whether frames can be expected: false while the context is lost. */
  get works(): boolean {
    return this.#pipeline !== null;
  }

  /** What it renders from now on: two frames may be under way, and show the moment before. */
  turnTo(state: CubeState): void {
    this.#pipeline?.set(SHADER, 'uniforms', cubeUniforms(state, this.#parts.picture));
  }

  /** Copies the next frame, I420 without padding; false when none is ready. */
  read(into: Buffer, nowMs: number): boolean {
    const taken = this.#pipeline?.take(SINK) ?? null;
    if (taken !== null) {
      this.#pipeline?.read(taken, into);
      this.#frameAtMs = nowMs;
      if (this.#failures > 0) this.#parts.notice('OpenGL works again.');
      this.#failures = 0;
      return true;
    }
    if (this.#pipeline === null) {
      if (nowMs >= this.#retryAtMs) this.#start(nowMs);
    } else if (nowMs - this.#frameAtMs > SILENCE_MS) this.#lose('it renders nothing', nowMs);
    return false;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#release();
    await this.#closing;
  }

  #start(nowMs: number): void {
    this.#frameAtMs = nowMs;
    const text = `${this.#parts.describe()} ! appsink name=${SINK} max-buffers=1 sync=false async=false`;
    const pipeline = Pipeline.parse(this.#parts.gst, text);
    this.#pipeline = pipeline;
    const lose = (error: unknown): void => {
      if (this.#pipeline !== pipeline) return;
      this.#lose(toHostError(error, 'media').message, performance.now());
    };
    pipeline.play().catch(lose);
    pipeline.ended.catch(lose);
  }

  #lose(why: string, nowMs: number): void {
    this.#release();
    if (this.#closed) return;
    this.#failures += 1;
    this.#retryAtMs = nowMs + backOffMs(this.#failures);
    if (this.#failures > 1) return;
    this.#parts.notice(`OpenGL failed and is started anew; until then software paints (${why}).`);
  }

  #release(): void {
    const pipeline = this.#pipeline;
    this.#pipeline = null;
    if (pipeline === null) return;
    this.#closing = Promise.all([this.#closing, pipeline.close().catch(() => undefined)]).then(
      () => undefined,
    );
  }
}
