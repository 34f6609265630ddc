import { PALETTES } from './cube-state.ts';
import type { Colour } from './i420-frame.ts';

const NEUTRAL = 128;

/** Red, green, blue, yellow, cyan, magenta. */
export const SIDE_COLOURS: readonly Colour[] = [
  { y: 90, u: 100, v: 200 },
  { y: 150, u: 70, v: 70 },
  { y: 80, u: 200, v: 110 },
  { y: 200, u: 50, v: 145 },
  { y: 170, u: 160, v: 60 },
  { y: 120, u: 175, v: 185 },
];

/** A colour of the first palette in another: of the same lightness, its hue turned. */
export function inPalette({ y, u, v }: Colour, palette: number): Colour {
  const hue = hueOf(palette);
  const [sin, cos] = [Math.sin(hue), Math.cos(hue)];
  const [du, dv] = [u - NEUTRAL, v - NEUTRAL];
  return {
    y,
    u: Math.round(NEUTRAL + du * cos - dv * sin),
    v: Math.round(NEUTRAL + du * sin + dv * cos),
  };
}

/** How far a palette's hues are turned, radians. */
export function hueOf(palette: number): number {
  return (palette * 2 * Math.PI) / PALETTES;
}
