import type { CubeState } from './cube-state.ts';
import type { Point } from './i420-frame.ts';

type Vector = readonly [x: number, y: number, z: number];

/** One visible side of the cube on the screen. */
export interface Side {
  /** 0 to 5 */
  readonly index: number;
  readonly corners: readonly Point[];
  /** How much it faces the light, 0 to 1. */
  readonly brightness: number;
}

/** Corners of each side, counter-clockwise seen from outside; x right, y up, z to the eye. */
const SIDES: readonly (readonly Vector[])[] = [
  [
    [-1, -1, 1],
    [1, -1, 1],
    [1, 1, 1],
    [-1, 1, 1],
  ],
  [
    [1, -1, -1],
    [-1, -1, -1],
    [-1, 1, -1],
    [1, 1, -1],
  ],
  [
    [1, -1, 1],
    [1, -1, -1],
    [1, 1, -1],
    [1, 1, 1],
  ],
  [
    [-1, -1, -1],
    [-1, -1, 1],
    [-1, 1, 1],
    [-1, 1, -1],
  ],
  [
    [-1, 1, 1],
    [1, 1, 1],
    [1, 1, -1],
    [-1, 1, -1],
  ],
  [
    [-1, -1, -1],
    [1, -1, -1],
    [1, -1, 1],
    [-1, -1, 1],
  ],
];
const NORMALS: readonly Vector[] = [
  [0, 0, 1],
  [0, 0, -1],
  [1, 0, 0],
  [-1, 0, 0],
  [0, 1, 0],
  [0, -1, 0],
];
/** Where the light is, of length 1. */
export const LIGHT: Vector = [0.36, 0.48, 0.8];
/** Of a side that no light falls on; one that faces it has 1. */
export const SHADE = 0.35;
export const EYE_DISTANCE = 5;
/** Half of a picture's smaller side holds this many units at the cube's middle. */
const VIEW_UNITS = 2.3;
/** The sides that can be seen at a time; they do not overlap, so their order is free. */
export function projectCube(
  { turn, zoom }: Pick<CubeState, 'turn' | 'zoom'>,
  width: number,
  height: number,
): readonly Side[] {
  const rotate = rotation(turn.x, turn.y);
  const scale = scaleOf(zoom, width, height);
  return SIDES.flatMap((side, index) => {
    const corners = side.map(rotate);
    const normal = rotate(NORMALS[index] ?? [0, 0, 1]);
    const [x = 0, y = 0, z = 0] = corners[0] ?? [];
    if (dot(normal, [-x, -y, EYE_DISTANCE - z]) <= 0) return [];
    const project = ([px, py, pz]: Vector): Point => ({
      x: width / 2 + (px * scale) / (EYE_DISTANCE - pz),
      y: height / 2 - (py * scale) / (EYE_DISTANCE - pz),
    });
    const brightness = SHADE + (1 - SHADE) * Math.max(0, dot(normal, LIGHT));
    return [{ index, corners: corners.map(project), brightness }];
  });
}

/** Pixels of a unit that is as far from the eye as one. */
export function scaleOf(zoom: number, width: number, height: number): number {
  return (Math.min(width, height) / 2 / VIEW_UNITS) * EYE_DISTANCE * zoom;
}

function rotation(aroundX: number, aroundY: number): (vector: Vector) => Vector {
  const [sinX, cosX] = [Math.sin(aroundX), Math.cos(aroundX)];
  const [sinY, cosY] = [Math.sin(aroundY), Math.cos(aroundY)];
  return ([x, y, z]) => {
    const turned = -x * sinY + z * cosY;
    return [x * cosY + z * sinY, y * cosX - turned * sinX, y * sinX + turned * cosX];
  };
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
