import type { Picture } from '../plan.ts';
import type { CubeState } from './cube-state.ts';
import { EYE_DISTANCE, LIGHT, SHADE, scaleOf } from './geometry.ts';
import type { Colour } from './i420-frame.ts';
import { SIDE_COLOURS, hueOf } from './palette.ts';

/** The cube as a fragment shader: each pixel's ray is cut with it. Takes {@link cubeUniforms}. */
export function cubeShader({ width, height }: Picture): string {
  return `#version 100
#ifdef GL_ES
precision highp float;
#endif
varying vec2 v_texcoord;
uniform float turn_x, turn_y, scale, hue;
vec3 shown(vec3 v) {
  vec3 w = vec3(v.x * cos(turn_y) + v.z * sin(turn_y), v.y, v.z * cos(turn_y) - v.x * sin(turn_y));
  return vec3(w.x, w.y * cos(turn_x) - w.z * sin(turn_x), w.y * sin(turn_x) + w.z * cos(turn_x));
}
vec3 own(vec3 w) {
  vec3 v = vec3(w.x, w.y * cos(turn_x) + w.z * sin(turn_x), w.z * cos(turn_x) - w.y * sin(turn_x));
  return vec3(v.x * cos(turn_y) - v.z * sin(turn_y), v.y, v.x * sin(turn_y) + v.z * cos(turn_y));
}
void main() {
  vec2 at = (v_texcoord - 0.5) * vec2(${width}.0, -${height}.0) / scale;
  vec3 eye = own(vec3(0.0, 0.0, ${glsl(EYE_DISTANCE)}));
  vec3 ray = own(vec3(at, -1.0)) + 1e-6;
  vec3 near = (-sign(ray) - eye) / ray;
  vec3 far = (sign(ray) - eye) / ray;
  float enter = max(max(near.x, near.y), near.z);
  if (enter > min(min(far.x, far.y), far.z)) {
    gl_FragColor = vec4(0.14, 0.11, 0.16, 1.0);
    return;
  }
  vec3 side = -sign(ray) * step(vec3(enter), near);
  vec3 colour = ${SIDE_COLOURS.map(choice).join(' : ')};
  vec2 hued = vec2(colour.y * cos(hue) - colour.z * sin(hue), colour.y * sin(hue) + colour.z * cos(hue));
  float light = max(0.0, dot(shown(side), vec3(${LIGHT.map(glsl).join(', ')})));
  float luma = 1.164 * colour.x * (${glsl(SHADE)} + ${glsl(1 - SHADE)} * light);
  gl_FragColor = vec4(luma + 1.596 * hued.y, luma - 0.391 * hued.x - 0.813 * hued.y, luma + 2.018 * hued.x, 1.0);
}`;
}

/** What the shader needs of a moment, as text of a GstStructure. */
export function cubeUniforms({ turn, zoom, palette }: CubeState, picture: Picture): string {
  const scale = scaleOf(zoom, picture.width, picture.height);
  const values = { turn_x: turn.x, turn_y: turn.y, scale, hue: hueOf(palette) };
  return ['uniforms', ...Object.entries(values).map(toUniform)].join(', ');
}

const glsl = (value: number): string => value.toFixed(4);

const toUniform = ([name, value]: [string, number]): string => `${name}=(float)${value.toFixed(6)}`;

/** In the order of the sides' numbers. */
const IS_SIDE = ['side.z > 0.5', 'side.z < -0.5', 'side.x > 0.5', 'side.x < -0.5', 'side.y > 0.5'];

function choice({ y, u, v }: Colour, side: number): string {
  const colour = `vec3(${[y - 16, u - 128, v - 128].map((value) => glsl(value / 255)).join(', ')})`;
  const condition = IS_SIDE[side];
  return condition === undefined ? colour : `${condition} ? ${colour}`;
}
