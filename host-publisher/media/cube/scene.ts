import type { Injection } from '../../input/injection.ts';
import { act, release } from './cube-act.ts';
import { FIRST_STATE, advance, type CubeState } from './cube-state.ts';
import { projectCube } from './geometry.ts';
import { I420Frame, type Colour } from './i420-frame.ts';
import { SIDE_COLOURS, inPalette } from './palette.ts';
import { drawHeld, drawInputMark, drawTimeCode } from './time-code.ts';

const BACKGROUND: Colour = { y: 45, u: 140, v: 122 };

/** The cube, rasterised in software: the same picture for the same moment and the same input. */
export class CubeScene {
  readonly #frame: I420Frame;
  #state = FIRST_STATE;
  #seconds = 0;
  #inputId: number | null = null;
  #hasInput = false;

  constructor(width: number, height: number) {
    this.#frame = new I420Frame(width, height);
  }

  /** Shows the number of the last input from the next frame on, 0 to 2^32 - 1. */
  mark(inputId: number): void {
    this.#inputId = inputId;
  }

  /** Acts upon the cube; `fresh`: whatever is held is let go before. */
  inject(injections: readonly Injection[], fresh: boolean): void {
    this.#hasInput = true;
    this.#state = injections.reduce(act, fresh ? release(this.#state) : this.#state);
  }

  /** Turns it on to a moment since its start; it never goes back. */
  turnTo(seconds: number): CubeState {
    this.#state = advance(this.#state, Math.max(0, seconds - this.#seconds));
    this.#seconds = Math.max(this.#seconds, seconds);
    return this.#state;
  }

  /** The picture as it is painted, I420; another painter may use it. */
  get bytes(): Buffer {
    return this.#frame.bytes;
  }

  /** Paints the moment that it was turned to, with its codes; the bytes are good until the next call. */
  paint(paintedAtMs: number, frameNumber: number): Buffer {
    const [frame, state] = [this.#frame, this.#state];
    frame.fill(BACKGROUND);
    for (const { index, corners, brightness } of projectCube(state, frame.width, frame.height)) {
      const colour = inPalette(SIDE_COLOURS[index] ?? BACKGROUND, state.palette);
      frame.fillPolygon(corners, { ...colour, y: Math.round(16 + (colour.y - 16) * brightness) });
    }
    return this.label(paintedAtMs, frameNumber);
  }

  /** Draws the time code and, once there was some, the input over what is there. */
  label(paintedAtMs: number, frameNumber: number): Buffer {
    drawTimeCode(this.#frame, paintedAtMs, frameNumber);
    if (this.#inputId !== null) drawInputMark(this.#frame, this.#inputId);
    if (this.#hasInput) drawHeld(this.#frame, this.#state);
    return this.#frame.bytes;
  }
}
