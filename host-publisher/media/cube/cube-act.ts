import { NOTCH, type Injection } from '../../input/injection.ts';
import {
  GLIDE_SECONDS,
  NOTHING_HELD,
  PALETTES,
  isGrabbed,
  withinZoom,
  type CubeState,
  type Place,
} from './cube-state.ts';
import { characterOf, keysymOf } from './key-character.ts';

/** What a drag across the whole picture turns, radians. */
const ACROSS = { x: 2.5, y: 4.4 } as const;
const PIXELS_PER_RADIAN = 250;
const ZOOM_STEP = 1.1;
const SPEED_STEP = 1.25;
const SPEED = { least: 1 / 8, most: 8 } as const;
const WHEEL_TURN = 0.15;

/** The cube after one act upon it. */
export function act(state: CubeState, injection: Injection): CubeState {
  switch (injection.type) {
    case 'key':
      return key(state, injection);
    case 'button':
      return press(state, injection.button, injection.down);
    case 'move':
      return move(state, injection);
    case 'travel':
      return isGrabbed(state.held)
        ? drag(state, injection.y / PIXELS_PER_RADIAN, injection.x / PIXELS_PER_RADIAN)
        : state;
    case 'wheel':
      return {
        ...drag(state, 0, (injection.x / NOTCH) * WHEEL_TURN),
        zoom: withinZoom(state.zoom * ZOOM_STEP ** (-injection.y / NOTCH)),
      };
    case 'touch':
      return touch(state, injection);
    case 'gamepad':
      return play(state, injection);
    case 'text':
      return Array.from(injection.text).reduce(
        (before, character) => ({ ...command(before, character), lastKey: keysymOf(character) }),
        state,
      );
    default:
      return injection satisfies never;
  }
}

/** The cube after everything that is held on it was let go. */
export function release(state: CubeState): CubeState {
  return { ...state, held: NOTHING_HELD, pointer: null };
}

function key(
  state: CubeState,
  { code, keysym, down }: Extract<Injection, { type: 'key' }>,
): CubeState {
  const keys = new Set(state.held.keys);
  if (down) keys.add(code);
  else keys.delete(code);
  const after = { ...state, held: { ...state.held, keys } };
  if (!down) return after;
  const character = characterOf(code, keysym);
  return {
    ...(character === null ? after : command(after, character)),
    lastKey: keysym === 0 && character !== null ? keysymOf(character) : keysym,
  };
}

function command(state: CubeState, character: string): CubeState {
  switch (character.toLowerCase()) {
    case '+':
    case '=':
      return { ...state, speed: Math.min(SPEED.most, state.speed * SPEED_STEP) };
    case '-':
      return { ...state, speed: Math.max(SPEED.least, state.speed / SPEED_STEP) };
    case ' ':
      return { ...state, stands: !state.stands };
    case 'c':
      return { ...state, palette: (state.palette + 1) % PALETTES };
    default:
      return /^[1-9]$/.test(character) ? { ...state, palette: Number(character) - 1 } : state;
  }
}

function press(state: CubeState, button: number, down: boolean): CubeState {
  const bit = 1 << button;
  const buttons = down ? state.held.buttons | bit : state.held.buttons & ~bit;
  return { ...state, held: { ...state.held, buttons } };
}

function move(state: CubeState, { x, y }: Place): CubeState {
  const { pointer, held } = state;
  const moved = { ...state, pointer: { x, y } };
  if (pointer === null || held.buttons === 0) return moved;
  return drag(moved, (y - pointer.y) * ACROSS.x, (x - pointer.x) * ACROSS.y);
}

function touch(
  state: CubeState,
  { id, x, y, phase }: Extract<Injection, { type: 'touch' }>,
): CubeState {
  const touches = new Map(state.held.touches);
  const known = touches.get(id);
  if (phase === 'end') touches.delete(id);
  else touches.set(id, { x, y });
  const after = { ...state, held: { ...state.held, touches } };
  if (known === undefined) return after;
  // Two fingers that go the same way turn it once.
  const share = state.held.touches.size;
  return drag(after, ((y - known.y) * ACROSS.x) / share, ((x - known.x) * ACROSS.y) / share);
}

/** Sticks turn it as time goes by; a button that goes down chooses a palette. */
function play(
  state: CubeState,
  { id, buttons, axes }: Extract<Injection, { type: 'gamepad' }>,
): CubeState {
  const pressed = buttons & ~(state.held.pads.get(id)?.buttons ?? 0);
  const pads = new Map(state.held.pads).set(id, { buttons, axes });
  const after = { ...state, held: { ...state.held, pads } };
  return pressed === 0 ? after : { ...after, palette: (31 - Math.clz32(pressed)) % PALETTES };
}

/** A steady drag of some speed leaves a glide of that speed. */
function drag(state: CubeState, x: number, y: number): CubeState {
  const { turn, glide } = state;
  return {
    ...state,
    turn: { x: turn.x + x, y: turn.y + y },
    glide: { x: glide.x + x / GLIDE_SECONDS, y: glide.y + y / GLIDE_SECONDS },
  };
}
