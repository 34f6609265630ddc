import { describe, expect, it } from 'vitest';
import { NOTCH, type Injection } from '../../../host-publisher/input/injection.ts';
import { act, release } from '../../../host-publisher/media/cube/cube-act.ts';
import {
  FIRST_STATE,
  NOTHING_HELD,
  ZOOM,
  advance,
  type CubeState,
} from '../../../host-publisher/media/cube/cube-state.ts';

const after = (...acts: readonly Injection[]): CubeState => acts.reduce(act, FIRST_STATE);
const key = (code: string, keysym: number, down = true): Injection => ({
  type: 'key',
  code,
  keysym,
  down,
});
const press: Injection = { type: 'button', button: 0, down: true };
const lift: Injection = { type: 'button', button: 0, down: false };
const move = (x: number, y: number): Injection => ({ type: 'move', x, y });

describe('the cube by itself', () => {
  it('turns the same way in one step and in many', () => {
    const dragged = after(press, move(0.1, 0.1), move(0.3, 0.2), lift);
    const once = advance(dragged, 1);
    let often = dragged;
    for (let step = 0; step < 60; step += 1) often = advance(often, 1 / 60);
    expect(often.turn.x).toBeCloseTo(once.turn.x, 9);
    expect(often.turn.y).toBeCloseTo(once.turn.y, 9);
  });
});

describe('a drag', () => {
  it('turns it as far as the pointer goes, and stops its own turn', () => {
    const held = after(move(0.5, 0.5), press, move(0.6, 0.5));
    expect(held.turn.y).toBeGreaterThan(0);
    expect(held.turn.x).toBe(0);
    expect(advance(held, 3).turn).toEqual(held.turn);
    expect(act(held, move(0.5, 0.5)).turn.y).toBeCloseTo(0, 9);
  });

  it('leaves a glide that ends', () => {
    const left = after({ type: 'text', text: ' ' }, move(0.5, 0.5), press, move(0.6, 0.5), lift);
    const later = advance(left, 0.1);
    expect(later.turn.y).toBeGreaterThan(left.turn.y);
    const end = advance(left, 20);
    expect(advance(end, 20).turn.y).toBeCloseTo(end.turn.y, 6);
  });

  it('takes relative motion, and none without a button', () => {
    const travel: Injection = { type: 'travel', x: 100, y: 0 };
    expect(after(travel).turn.y).toBe(0);
    expect(after(press, travel).turn.y).toBeGreaterThan(0);
  });

  it('by touch: two fingers together turn it as one does', () => {
    const touch = (id: number, x: number, phase: 'begin' | 'move' | 'end'): Injection => ({
      type: 'touch',
      id,
      x,
      y: 0.5,
      phase,
    });
    const one = after(touch(1, 0.2, 'begin'), touch(1, 0.4, 'move'));
    const begun = [touch(1, 0.2, 'begin'), touch(2, 0.6, 'begin')];
    const two = after(...begun, touch(1, 0.4, 'move'), touch(2, 0.8, 'move'));
    expect(one.turn.y).toBeGreaterThan(0);
    expect(two.turn.y).toBeCloseTo(one.turn.y, 9);
    expect(act(one, touch(1, 0.4, 'end')).held.touches.size).toBe(0);
  });
});

describe('the wheel', () => {
  it('zooms, up to its bounds', () => {
    const wheel = (notches: number): Injection => ({ type: 'wheel', x: 0, y: notches * NOTCH });
    expect(after(wheel(-1)).zoom).toBeGreaterThan(1);
    expect(after(wheel(1)).zoom).toBeLessThan(1);
    expect(after(wheel(-1000)).zoom).toBe(ZOOM.most);
    expect(after(wheel(1000)).zoom).toBe(ZOOM.least);
  });

  it('to the side turns it', () => {
    expect(after({ type: 'wheel', x: NOTCH, y: 0 }).turn.y).toBeGreaterThan(0);
  });
});

describe('keys', () => {
  it.each([
    ['by their meaning', key('KeyQ', 0x63)],
    ['by their place where they mean nothing', key('KeyC', 0)],
    ['as a text', { type: 'text', text: 'C' } as const],
  ])('change the colours %s', (_, injection) => {
    expect(after(injection).palette).toBe(1);
  });

  it('choose one of nine palettes, and go round them', () => {
    expect(after(key('Digit9', 0x39)).palette).toBe(8);
    expect(after(key('Digit9', 0x39), key('KeyC', 0x63)).palette).toBe(0);
    expect(after(key('Numpad3', 0xffb3)).palette).toBe(2);
  });

  it('change the speed within bounds; space has it stand and turn again', () => {
    const [plus, minus, space] = [key('NumpadAdd', 0xffab), key('Minus', 0x2d), key('Space', 0x20)];
    expect(after(plus).speed).toBeGreaterThan(1);
    expect(after(minus).speed).toBeLessThan(1);
    expect(after(...Array<Injection>(100).fill(plus)).speed).toBe(8);
    const stands = after(space);
    expect(advance(stands, 1).turn).toEqual(stands.turn);
    expect(advance(act(stands, space), 1).turn).not.toEqual(stands.turn);
  });

  it('show the last one that went down, and which are held', () => {
    const state = after(key('KeyA', 0x61), key('KeyB', 0x62), key('KeyB', 0x62, false));
    expect([...state.held.keys]).toEqual(['KeyA']);
    expect(state.lastKey).toBe(0x62);
    expect(after({ type: 'text', text: '漢' }).lastKey).toBe(0x0100_6f22);
  });
});

describe('a gamepad', () => {
  const pad = (buttons: number, axes: number[]): Injection => ({
    type: 'gamepad',
    id: 0,
    buttons,
    triggers: [0, 0],
    axes,
  });

  it('turns and zooms it by its sticks while they are off their middle', () => {
    const still = after({ type: 'text', text: ' ' });
    const pushed = act(still, pad(0, [1, 0, 0, -1]));
    expect(advance(pushed, 1).turn.y).toBeGreaterThan(1);
    expect(advance(pushed, 1).zoom).toBeGreaterThan(1);
    expect(advance(act(pushed, pad(0, [0.1, 0, 0, 0])), 1).turn).toEqual(pushed.turn);
  });

  it('chooses a palette by a button, once while it is down', () => {
    const pressed = after(pad(0b100, [0, 0, 0, 0]));
    expect(pressed.palette).toBe(2);
    expect([key('KeyC', 0x63), pad(0b100, [1, 0, 0, 0])].reduce(act, pressed).palette).toBe(3);
  });
});

describe('what is held', () => {
  it('is let go as a whole; what was done stays', () => {
    const state = release(after(press, key('KeyC', 0x63), move(0.5, 0.5)));
    expect(state.held).toEqual(NOTHING_HELD);
    expect(state.palette).toBe(1);
    // A pointer that comes back elsewhere drags nothing.
    expect([press, move(0.9, 0.9)].reduce(act, state).turn).toEqual(state.turn);
  });
});
