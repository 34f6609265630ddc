import { projectCube } from './geometry.ts';
import { I420Frame, type Colour } from './i420-frame.ts';
import { drawInputMark, drawTimeCode } from './time-code.ts';

const BACKGROUND: Colour = { y: 45, u: 140, v: 122 };
/** Red, green, blue, yellow, cyan, magenta. */
const SIDE_COLOURS: readonly Colour[] = [
  { y: 90, u: 100, v: 200 },
  { y: 150, u: 70, v: 70 },
  { y: 80, u: 200, v: 110 },
  { y: 200, u: 50, v: 145 },
  { y: 170, u: 160, v: 60 },
  { y: 120, u: 175, v: 185 },
];

/** The rotating cube, rasterised in software: always the same picture for the same moment. */
export class CubeScene {
  readonly #frame: I420Frame;
  #inputId: number | null = null;

  constructor(width: number, height: number) {
    this.#frame = new I420Frame(width, height);
  }

  /** Shows the number of the last input from the next frame on, 0 to 2^32 - 1. */
  mark(inputId: number): void {
    this.#inputId = inputId;
  }

  /** The picture as it is painted, I420; another painter may use it. */
  get bytes(): Buffer {
    return this.#frame.bytes;
  }

  /** Paints one moment of the turn with its codes; the bytes are good until the next call. */
  paint(seconds: number, paintedAtMs: number, frameNumber: number): Buffer {
    const frame = this.#frame;
    frame.fill(BACKGROUND);
    for (const { index, corners, brightness } of projectCube(seconds, frame.width, frame.height)) {
      const colour = SIDE_COLOURS[index] ?? BACKGROUND;
      frame.fillPolygon(corners, { ...colour, y: Math.round(16 + (colour.y - 16) * brightness) });
    }
    return this.label(paintedAtMs, frameNumber);
  }

  /** Draws the time code and the last input over what is there. */
  label(paintedAtMs: number, frameNumber: number): Buffer {
    drawTimeCode(this.#frame, paintedAtMs, frameNumber);
    if (this.#inputId !== null) drawInputMark(this.#frame, this.#inputId);
    return this.#frame.bytes;
  }
}
