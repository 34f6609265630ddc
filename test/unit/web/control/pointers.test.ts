import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gamepad } from '../../../../gateway/protocol/input.ts';
import { GamepadInput } from '../../../../web/core/control/gamepad-input.ts';
import type { PadFacts } from '../../../../web/core/control/gamepad-input.ts';
import { KeyboardInput } from '../../../../web/core/control/keyboard-input.ts';
import { MouseInput } from '../../../../web/core/control/mouse-input.ts';
import { TouchGestures } from '../../../../web/core/control/touch-gestures.ts';
import { wheelNotches } from '../../../../web/core/control/wheel-notches.ts';
import { RecordedSink } from './a-key.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a mouse', () => {
  const aMouse = () => {
    const sink = new RecordedSink();
    const mouse = new MouseInput(sink, new KeyboardInput(sink, 'other'));
    const handle = (button: number, buttons: number, modifiers: readonly string[] = []) =>
      mouse.handle({
        ...{ timeStamp: 0, button, buttons },
        getModifierState: (name) => modifiers.includes(name),
      });
    const turn = (deltaY: number, { ctrl = false } = {}) =>
      mouse.turn({
        ...{ deltaX: 0, deltaY, deltaMode: 0, shiftKey: false, ctrlKey: ctrl, timeStamp: 0 },
        getModifierState: (name) => ctrl && name === 'Control',
      });
    return { sink, mouse, handle, turn };
  };

  it('[INPUT-79] presses what an event presses, and lets go of what is up by then', () => {
    const { sink, handle } = aMouse();
    handle(0, 1);
    handle(-1, 1);
    handle(2, 3);
    handle(-1, 2);
    handle(2, 0);
    handle(4, 16);
    handle(-1, 0);
    expect(sink.taken()).toEqual([
      ...['button 0 down', 'button 2 down', 'button 0 up', 'button 2 up'],
      ...['button 4 down', 'button 4 up'],
    ]);
  });

  it('[INPUT-79] presses nothing again that was let go of, until it is pressed anew', () => {
    const { sink, mouse, handle } = aMouse();
    handle(0, 1);
    mouse.forget();
    handle(-1, 1);
    handle(0, 0);
    expect(sink.taken()).toEqual(['button 0 down']);
    handle(0, 1);
    expect(sink.taken()).toEqual(['button 0 down']);
  });

  it('[INPUT-79] clicks with the modifiers that are down', () => {
    const { sink, handle } = aMouse();
    handle(-1, 0, ['Shift']);
    handle(0, 1, ['Shift']);
    handle(-1, 1);
    expect(sink.taken()).toEqual(['ShiftLeft down ffe1', 'button 0 down', 'ShiftLeft up']);
  });

  it('[INPUT-79] turns the wheel under Control for a pinch, and lets go of it afterwards', () => {
    const { sink, turn } = aMouse();
    turn(-5, { ctrl: true });
    vi.advanceTimersByTime(150);
    turn(-5, { ctrl: true });
    expect(sink.taken()).toEqual(['ControlLeft down ffe3', 'wheel 0 -0.5', 'wheel 0 -0.5']);
    vi.advanceTimersByTime(200);
    expect(sink.taken()).toEqual(['ControlLeft up']);
  });
});

describe('a wheel', () => {
  const turned = (part: object) =>
    wheelNotches({ deltaX: 0, deltaY: 0, deltaMode: 0, shiftKey: false, ...part });

  it('[INPUT-79] has notches, whatever unit the browser counts in', () => {
    expect(turned({ deltaY: 100, wheelDeltaY: -120 })).toEqual({ x: 0, y: 1 });
    expect(turned({ deltaY: -106, wheelDeltaY: 240 })).toEqual({ x: 0, y: -2 });
    expect(turned({ deltaY: 40, wheelDeltaY: -120 }).y).toBeCloseTo(1 / 3);
    expect(turned({ deltaY: 240, wheelDeltaY: -120 })).toEqual({ x: 0, y: 2 });
    expect(turned({ deltaY: 3, wheelDeltaY: -9 })).toEqual({ x: 0, y: 0.025 });
    expect(turned({ deltaX: 60 })).toEqual({ x: 0.5, y: 0 });
    expect(turned({ deltaY: 3, deltaMode: 1 })).toEqual({ x: 0, y: 1 });
    expect(turned({ deltaY: -1, deltaMode: 2 })).toEqual({ x: 0, y: -10 });
  });

  it('[INPUT-79] that the browser turned for Shift is turned back', () => {
    expect(turned({ deltaX: 120, shiftKey: true })).toEqual({ x: 0, y: 1 });
    expect(turned({ deltaX: 120, deltaY: 60, shiftKey: true })).toEqual({ x: 1, y: 0.5 });
  });
});

describe('fingers', () => {
  const aTouch = () => {
    const sink = new RecordedSink();
    const pinches: number[] = [];
    const gestures = new TouchGestures(sink, { pinched: (factor) => void pinches.push(factor) });
    const at = (id: number, clientX: number, clientY: number) => ({
      ...{ id, clientX, clientY },
      ...{ x: clientX / 1_000, y: clientY / 1_000 },
    });
    return { sink, pinches, gestures, at };
  };

  it('[INPUT-79] that tap click', () => {
    const { sink, gestures, at } = aTouch();
    gestures.start(at(0, 100, 200), 0);
    gestures.move(at(0, 103, 201), 10);
    gestures.end(0, 100);
    vi.advanceTimersByTime(1_000);
    expect(sink.taken()).toEqual(['point 0.1 0.2', 'button 0 down', 'button 0 up']);
  });

  it('[INPUT-79] that stay click with the right button, once', () => {
    const { sink, gestures, at } = aTouch();
    gestures.start(at(0, 100, 200), 0);
    vi.advanceTimersByTime(500);
    expect(sink.taken()).toEqual(['point 0.1 0.2', 'button 2 down', 'button 2 up']);
    gestures.move(at(0, 300, 200), 600);
    gestures.end(0, 700);
    expect(sink.taken()).toEqual([]);
  });

  it('[INPUT-79] that go drag from where they began, and a second one ends it', () => {
    const { sink, gestures, at } = aTouch();
    gestures.start(at(0, 100, 200), 0);
    gestures.move(at(0, 150, 200), 10);
    gestures.move(at(0, 180, 200), 20);
    gestures.start(at(1, 500, 200), 30);
    gestures.end(1, 40);
    gestures.move(at(0, 190, 200), 50);
    gestures.end(0, 60);
    expect(sink.taken()).toEqual([
      ...['point 0.1 0.2', 'button 0 down', 'point 0.15 0.2', 'point 0.18 0.2', 'button 0 up'],
    ]);
  });

  it('[INPUT-79] by two turn the wheel, or zoom the picture here', () => {
    const { sink, pinches, gestures, at } = aTouch();
    gestures.start(at(0, 100, 500), 0);
    gestures.start(at(1, 200, 500), 0);
    gestures.move(at(0, 100, 440), 10);
    gestures.move(at(1, 200, 440), 10);
    expect(sink.taken()).toEqual(['point 0.1 0.44', 'wheel 0 1', 'wheel 0 1']);
    expect(pinches).toEqual([]);
    gestures.end(0, 20);
    gestures.end(1, 20);
    gestures.start(at(0, 100, 500), 30);
    gestures.start(at(1, 200, 500), 30);
    gestures.move(at(1, 300, 500), 40);
    expect(pinches).toEqual([2]);
    expect(sink.taken()).toEqual([]);
  });

  it('[INPUT-79] that the system takes away click nothing and hold nothing', () => {
    const { sink, gestures, at } = aTouch();
    gestures.start(at(0, 100, 200), 0);
    gestures.cancel(0, 10);
    gestures.start(at(0, 100, 200), 20);
    gestures.move(at(0, 200, 200), 30);
    sink.taken();
    gestures.cancel(0, 40);
    vi.advanceTimersByTime(1_000);
    expect(sink.taken()).toEqual(['button 0 up']);
  });
});

describe('gamepads', () => {
  const aPad = (part: Partial<PadFacts> = {}): PadFacts => ({
    ...{ index: 0, connected: true, mapping: 'standard', axes: [0, 0, 0, 0] },
    buttons: Array.from({ length: 17 }, () => ({ pressed: false, value: 0 })),
    ...part,
  });

  it('[INPUT-79] are told as they stand, and are gone when they are unplugged', () => {
    let pads: (PadFacts | null)[] = [];
    let paint: (() => void) | null = null;
    const told: unknown[] = [];
    const sink = Object.assign(new RecordedSink(), { gamepads: (all: unknown) => told.push(all) });
    const input = new GamepadInput(sink, {
      pads: () => pads,
      nextFrame: (call) => {
        paint = call;
        return () => (paint = null);
      },
    });
    const look = () => {
      paint?.();
      return told.at(-1) as unknown[];
    };
    input.start();
    const pressed = { pressed: true, value: 1 };
    const half = { pressed: false, value: 0.5 };
    const buttons = aPad().buttons.map((button, index) =>
      index === 16 || index === 0 ? pressed : index === 7 ? half : button,
    );
    pads = [null, aPad({ index: 1, buttons, axes: [-1.00002, 0.25, 0, 1] }), aPad({ mapping: '' })];
    const [state] = look();
    expect(state).toEqual({ id: 1, buttons: 0x1_0001, triggers: [0, 0.5], axes: [-1, 0.25, 0, 1] });
    expect(Gamepad.safeParse(state).error).toBeUndefined();
    pads = [null, aPad({ index: 1, connected: false })];
    expect(look()).toEqual([]);
    input.stop();
    expect(paint).toBeNull();
  });
});
