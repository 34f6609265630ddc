import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HEARTBEAT_MS } from '../../../../gateway/protocol/control-terms.ts';
import { InputFrame } from '../../../../gateway/protocol/input.ts';
import { HeldInput } from '../../../../host-publisher/input/held-input.ts';
import { NO_LEASES } from '../../../../web/core/control/leases.ts';
import { allOf, aSender, RecordedWay } from './a-sender.ts';

const A = { code: 'KeyA', keysym: 0x61 };
const SHIFT = { code: 'ShiftLeft', keysym: 0xffe1 };
const EMPTY = { keys: [], buttons: 0, touches: [], gamepads: [] };

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('motion', () => {
  it('[INPUT-60] goes at once after a rest, then once per picture and only its newest', () => {
    const { sender, way, picture, isWaiting } = aSender();
    sender.point(0.1, 0.1, 1);
    expect(way.taken()).toMatchObject([{ pointer: { x: 0.1, y: 0.1 }, at: 1, events: [] }]);
    sender.point(0.2, 0.2, 2);
    sender.point(0.3, 0.3, 3);
    expect(way.taken()).toEqual([]);
    picture();
    const [frame, ...others] = way.taken();
    expect(others).toEqual([]);
    expect(frame).toMatchObject({ pointer: { x: 0.3, y: 0.3 }, sequence: 1, at: 2 });
    expect(frame).not.toHaveProperty('held');
    picture();
    expect(way.taken()).toEqual([]);
    expect(isWaiting()).toBe(false);
    sender.point(0.4, 0.4, 4);
    expect(way.taken()).toHaveLength(1);
  });

  it('[INPUT-61] that waits goes before a key or a button, in the same frame', () => {
    const { sender, way, picture } = aSender();
    sender.point(0.1, 0.1, 1);
    sender.point(0.9, 0.9, 2);
    sender.wheel(0, 1.5, 2);
    way.taken();
    sender.button(0, true, 3);
    expect(way.taken()).toMatchObject([
      {
        pointer: { x: 0.9, y: 0.9 },
        wheel: { x: 0, y: 1.5 },
        events: [{ type: 'button', button: 0, down: true }],
        held: { buttons: 1 },
      },
    ]);
    picture();
    expect(way.taken()).toEqual([]);
  });

  it('[INPUT-62] adds up to totals that lose no fraction, and stays within the picture', () => {
    const { sender, way, picture } = aSender();
    for (let step = 0; step < 100; step += 1) sender.travel(0.25, -0.5, step);
    picture();
    expect(way.last.travel).toEqual({ x: 25, y: -50 });
    expect(way.last).not.toHaveProperty('pointer');
    sender.point(-0.5, 1.5, 200);
    picture();
    expect(way.last.pointer).toEqual({ x: 0, y: 1 });
  });

  it('[INPUT-63] waits while the way is narrow, and keys do not', () => {
    const { sender, way, picture } = aSender();
    way.isClear = false;
    sender.point(0.1, 0.1, 1);
    picture();
    sender.point(0.2, 0.2, 2);
    picture();
    expect(way.taken()).toEqual([]);
    sender.key('KeyA', 0x61, true, 3);
    expect(way.taken()).toMatchObject([{ pointer: { x: 0.2, y: 0.2 }, held: { keys: [A] } }]);
    sender.point(0.3, 0.3, 4);
    picture();
    sender.point(0.4, 0.4, 5);
    way.isClear = true;
    picture();
    expect(way.taken()).toMatchObject([{ pointer: { x: 0.4, y: 0.4 } }]);
  });

  it('[INPUT-64] is said again by a sure way where the last of it may be lost', () => {
    const { sender, way, picture, isWaiting } = aSender();
    way.losesMotion = true;
    sender.point(0.1, 0.1, 1);
    picture();
    expect(way.taken()).toMatchObject([
      { pointer: { x: 0.1, y: 0.1 } },
      { pointer: { x: 0.1, y: 0.1 }, held: EMPTY },
    ]);
    expect(isWaiting()).toBe(false);
  });

  it('leaves its mark to the click that follows, by a way that may lose it', () => {
    const { sender, way, picture } = aSender({ mark: () => 7 });
    sender.point(0.1, 0.1, 1);
    expect(way.taken()).toMatchObject([{ mark: 7 }]);
    way.losesMotion = true;
    picture();
    way.taken();
    sender.point(0.5, 0.5, 2);
    sender.button(0, true, 3);
    const [motion, click] = way.taken();
    expect(motion).not.toHaveProperty('held');
    expect(motion).not.toHaveProperty('mark');
    expect(click).toMatchObject({ held: { buttons: 1 }, mark: 7 });
  });
});

describe('what is held', () => {
  it('[INPUT-65] is said again ten times a second, and nothing is when nothing is held', () => {
    const { sender, way } = aSender();
    vi.advanceTimersByTime(1_000);
    expect(way.taken()).toEqual([]);
    sender.key('KeyA', 0x61, true, 0);
    way.taken();
    vi.advanceTimersByTime(10 * HEARTBEAT_MS);
    const beats = way.taken();
    expect(beats).toHaveLength(10);
    for (const beat of beats) expect(beat).toMatchObject({ held: { keys: [A] }, events: [] });
    sender.key('KeyA', 0x61, false, 0);
    way.taken();
    vi.advanceTimersByTime(1_000);
    expect(way.taken()).toEqual([]);
  });

  it('[INPUT-66] is let go at once on release, and what comes up later is nothing', () => {
    const { sender, way } = aSender();
    sender.key('KeyA', 0x61, true, 0);
    sender.button(2, true, 0);
    sender.touches([{ id: 0, x: 0.5, y: 0.5 }], 0);
    way.taken();
    sender.release();
    expect(way.taken()).toMatchObject([{ held: EMPTY, events: [] }]);
    sender.key('KeyA', 0x61, false, 1);
    sender.button(2, false, 1);
    sender.release();
    vi.advanceTimersByTime(1_000);
    expect(way.taken()).toEqual([]);
  });

  it('[INPUT-67] of an epoch that is over is forgotten; the next one begins with nothing', () => {
    const { sender, way, picture } = aSender();
    sender.key('KeyA', 0x61, true, 0);
    sender.wheel(0, 3, 0);
    sender.setLeases(NO_LEASES);
    way.taken();
    sender.key('KeyB', 0x62, true, 1);
    sender.point(0.5, 0.5, 1);
    picture();
    vi.advanceTimersByTime(1_000);
    expect(way.taken()).toEqual([]);
    sender.setLeases(allOf(4));
    sender.key('KeyA', 0x61, false, 2);
    expect(way.taken()).toEqual([]);
    sender.key('KeyC', 0x63, true, 3);
    expect(way.taken()).toMatchObject([
      { epoch: 4, sequence: 0, eventsBefore: 0, held: { keys: [{ code: 'KeyC' }] } },
    ]);
    expect(way.frames.every((frame) => frame.wheel === undefined)).toBe(true);
  });

  it('[INPUT-68] goes in the epoch of its device, and what is held no more is not said', () => {
    const { sender, way, picture } = aSender();
    sender.setLeases({ pointer: 7, keyboard: 8, gamepad: null });
    sender.point(0.5, 0.5, 1);
    sender.button(0, true, 1);
    sender.key('KeyA', 0x61, true, 1);
    sender.gamepads([{ id: 0, buttons: 1, triggers: [0, 0], axes: [0, 0, 0, 0] }], 1);
    picture();
    for (const frame of way.frames) {
      if (frame.epoch === 7) expect(frame.held?.keys ?? []).toEqual([]);
      else expect(frame).toMatchObject({ epoch: 8, held: { buttons: 0, keys: [A], gamepads: [] } });
      if (frame.epoch === 8) expect(frame).not.toHaveProperty('pointer');
    }
    expect(new Set(way.taken().map(({ epoch }) => epoch))).toEqual(new Set([7, 8]));
    sender.setLeases({ pointer: 7, keyboard: null, gamepad: null });
    vi.advanceTimersByTime(HEARTBEAT_MS);
    expect(way.taken()).toMatchObject([{ epoch: 7, held: { buttons: 1, keys: [] } }]);
  });
});

describe('events', () => {
  it('[INPUT-69] that nobody confirmed are said again on another way, and happen once', () => {
    const { sender, way } = aSender();
    const host = new HeldInput();
    host.lease(allOf(1));
    const tap = (code: string, keysym: number) => {
      sender.key(code, keysym, true, 0);
      sender.key(code, keysym, false, 0);
    };
    tap('KeyA', 0x61);
    const acts = way.taken().flatMap((frame) => host.take(frame, 0) ?? []);
    sender.confirm({
      ...{ type: 'input/applied', epoch: 1, sequence: 0, at: 0, tookUs: 1 },
      events: host.eventsOf(1),
    });
    tap('KeyB', 0x62);
    acts.push(...(host.take(way.frames[0] ?? way.last, 0) ?? []));
    sender.useWay(null);
    tap('KeyC', 0x63);
    const other = new RecordedWay();
    sender.useWay(other);
    expect(other.frames[0]).toMatchObject({ eventsBefore: 2 });
    acts.push(...other.taken().flatMap((frame) => host.take(frame, 0) ?? []));
    const typed = acts.flatMap((act) => (act.type === 'key' && act.down ? act.code : []));
    expect(typed).toEqual(['KeyA', 'KeyB', 'KeyC']);
    expect(host.isHolding).toBe(false);
  });

  it('[INPUT-70] in frames that follow each other keep the held set of their own time', () => {
    const { sender, way } = aSender();
    const host = new HeldInput();
    host.lease(allOf(1));
    sender.useWay(null);
    sender.key(SHIFT.code, SHIFT.keysym, true, 0);
    for (let count = 0; count < 40; count += 1) {
      sender.key('KeyA', 0x41, true, 0);
      sender.key('KeyA', 0x41, false, 0);
    }
    sender.key(SHIFT.code, SHIFT.keysym, false, 0);
    sender.useWay(way);
    const frames = way.taken();
    for (const frame of frames) expect(InputFrame.safeParse(frame).error).toBeUndefined();
    const acts = frames.flatMap((frame) => host.take(frame, 0) ?? []);
    expect(acts).toHaveLength(82);
    expect(acts[0]).toMatchObject({ code: 'ShiftLeft', down: true });
    expect(acts.at(-1)).toMatchObject({ code: 'ShiftLeft', down: false });
  });

  it('[INPUT-71] carry text in pieces that no character is cut by', () => {
    const { sender, way } = aSender();
    const text = '漢字😀e\u0301'.repeat(200);
    sender.text(`${text}\ud800`, 0);
    const frames = way.taken();
    for (const frame of frames) {
      expect(InputFrame.safeParse(frame).error).toBeUndefined();
      expect(JSON.stringify(frame).length).toBeLessThan(16 * 1024);
    }
    const pieces = frames.flatMap(({ events }) =>
      events.flatMap((event) => (event.type === 'text' ? event.text : [])),
    );
    expect(pieces.join('')).toBe(`${text}\ufffd`);
    expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
  });
});
