/** A point of the picture, in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A colour as BT.601 studio-range luma and chroma. */
export interface Colour {
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

/** A picture in planar 4:2:0, laid out as GStreamer's I420 of the same size. */
export class I420Frame {
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
  readonly #luma: Plane;
  readonly #u: Plane;
  readonly #v: Plane;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    // GStreamer rounds strides up to 4 and heights up to 2.
    const lumaStride = roundUp(width, 4);
    const lumaSize = lumaStride * roundUp(height, 2);
    const chromaStride = roundUp(roundUp(width, 2) / 2, 4);
    const [chromaWidth, chromaHeight] = [roundUp(width, 2) / 2, roundUp(height, 2) / 2];
    const chromaSize = chromaStride * chromaHeight;
    this.bytes = Buffer.alloc(lumaSize + 2 * chromaSize);
    this.#luma = { bytes: this.bytes, start: 0, stride: lumaStride, width, height };
    const chroma = {
      bytes: this.bytes,
      stride: chromaStride,
      width: chromaWidth,
      height: chromaHeight,
    };
    this.#u = { ...chroma, start: lumaSize };
    this.#v = { ...chroma, start: lumaSize + chromaSize };
  }

  fill({ y, u, v }: Colour): void {
    this.fillLuma(0, 0, this.width, this.height, y);
    this.fillChroma(0, 0, this.width, this.height, u, v);
  }

  fillLuma(left: number, top: number, right: number, bottom: number, value: number): void {
    for (let row = top; row < bottom; row += 1) fillSpan(this.#luma, row, left, right, value);
  }

  fillChroma(left: number, top: number, right: number, bottom: number, u: number, v: number): void {
    const [from, to] = [Math.floor(left / 2), Math.ceil(right / 2)];
    for (let row = Math.floor(top / 2); row < Math.ceil(bottom / 2); row += 1) {
      fillSpan(this.#u, row, from, to, u);
      fillSpan(this.#v, row, from, to, v);
    }
  }

  /** Fills a convex polygon; what lies outside the picture is cut off. */
  fillPolygon(corners: readonly Point[], { y, u, v }: Colour): void {
    fillConvex(this.#luma, corners, y);
    const halved = corners.map((corner) => ({ x: corner.x / 2, y: corner.y / 2 }));
    fillConvex(this.#u, halved, u);
    fillConvex(this.#v, halved, v);
  }
}

interface Plane {
  readonly bytes: Buffer;
  readonly start: number;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

function fillSpan(plane: Plane, row: number, left: number, right: number, value: number): void {
  if (row < 0 || row >= plane.height) return;
  const [from, to] = [Math.max(0, left), Math.min(plane.width, right)];
  const start = plane.start + row * plane.stride;
  if (to > from) plane.bytes.fill(value, start + from, start + to);
}

function fillConvex(plane: Plane, corners: readonly Point[], value: number): void {
  const heights = corners.map(({ y }) => y);
  const first = Math.max(0, Math.ceil(Math.min(...heights) - 0.5));
  const last = Math.min(plane.height - 1, Math.ceil(Math.max(...heights) - 0.5) - 1);
  for (let row = first; row <= last; row += 1) {
    const crossings = crossingsOf(corners, row + 0.5);
    if (crossings.length < 2) continue;
    const left = Math.ceil(Math.min(...crossings) - 0.5);
    const right = Math.ceil(Math.max(...crossings) - 0.5);
    fillSpan(plane, row, left, right, value);
  }
}

function crossingsOf(corners: readonly Point[], y: number): number[] {
  const crossings: number[] = [];
  corners.forEach((from, index) => {
    const to = corners[(index + 1) % corners.length] ?? from;
    if (from.y <= y === to.y <= y) return;
    crossings.push(from.x + ((y - from.y) * (to.x - from.x)) / (to.y - from.y));
  });
  return crossings;
}
