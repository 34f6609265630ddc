import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeyboardInput } from '../../../../web/core/control/keyboard-input.ts';
import type { Platform } from '../../../../web/core/control/platform.ts';
import { runs } from '../../../support/fuzz/runs.ts';
import { aKey, RecordedSink } from './a-key.ts';
import type { KeyPart } from './a-key.ts';

function aKeyboard(platform: Platform = 'other') {
  const sink = new RecordedSink();
  const keyboard = new KeyboardInput(sink, platform);
  return {
    sink,
    keyboard,
    down: (code: string, key: string, part?: KeyPart) => keyboard.down(aKey(code, key, part)),
    up: (code: string, key: string, part?: KeyPart) => keyboard.up(aKey(code, key, part)),
  };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('keys', () => {
  it('[INPUT-73] go down once and up as what they went down, whatever they mean meanwhile', () => {
    const { sink, down, up } = aKeyboard();
    down('ShiftLeft', 'Shift');
    down('Digit1', '!', { with: ['Shift'] });
    down('Digit1', '!', { with: ['Shift'], repeat: true });
    up('ShiftLeft', 'Shift');
    up('Digit1', '1');
    expect(sink.taken()).toEqual([
      'ShiftLeft down ffe1',
      'Digit1 down 21',
      'ShiftLeft up',
      'Digit1 up',
    ]);
    expect(up('Digit1', '1')).toBe(false);
    expect(sink.taken()).toEqual([]);
  });

  it('[INPUT-73] that went up unseen go up before they go down again', () => {
    const { sink, down } = aKeyboard();
    down('KeyA', 'a');
    down('KeyA', 'a');
    expect(sink.taken()).toEqual(['KeyA down 61', 'KeyA up', 'KeyA down 61']);
  });

  it('[INPUT-73] without a place are typed, or tapped by their name', () => {
    const { sink, down, up } = aKeyboard();
    expect(down('', 'ж')).toBe(true);
    expect(down('', 'Enter')).toBe(true);
    expect(up('', 'Enter')).toBe(false);
    expect(down('', 'Unidentified', { keyCode: 229 })).toBe(false);
    expect(down('Backquote', 'x\u0323')).toBe(true);
    expect(sink.taken()).toEqual(['text ж', 'Enter down ff0d', 'Enter up', 'text x\u0323']);
    expect(sink.down.size).toBe(0);
  });

  it('[INPUT-73] that lock or steer an input method stay here', () => {
    const { sink, down } = aKeyboard();
    for (const key of ['CapsLock', 'NumLock', 'Dead', 'Process', 'HangulMode', 'Zenkaku']) {
      expect(down('KeyX', key)).toBe(false);
    }
    expect(down('KeyN', 'n', { isComposing: true })).toBe(false);
    expect(sink.taken()).toEqual([]);
  });

  it('[INPUT-73] that only Windows tells of when they go up are tapped', () => {
    const { sink, up } = aKeyboard('windows');
    up('PrintScreen', 'PrintScreen');
    expect(sink.taken()).toEqual(['PrintScreen down ff61', 'PrintScreen up']);
  });
});

describe('AltGr', () => {
  it('[INPUT-74] of Windows is no Control, and its characters are typed', () => {
    const { sink, down, up } = aKeyboard('windows');
    const held = { with: ['Control', 'Alt', 'AltGraph'] };
    down('ControlLeft', 'Control', { with: ['Control'], timeStamp: 100 });
    down('AltRight', 'AltGraph', { ...held, timeStamp: 100.4 });
    down('KeyQ', '@', { ...held, timeStamp: 180 });
    up('KeyQ', '@', { ...held, timeStamp: 220 });
    up('ControlLeft', 'Control', { with: ['Alt', 'AltGraph'], timeStamp: 300 });
    up('AltRight', 'AltGraph', { timeStamp: 300 });
    expect(sink.taken()).toEqual(['AltRight down fe03', 'KeyQ down 40', 'KeyQ up', 'AltRight up']);
  });

  it('[INPUT-74] is no part of a Control that was pressed before, alone or with a key', () => {
    const { sink, down, up } = aKeyboard('windows');
    down('ControlLeft', 'Control', { with: ['Control'] });
    down('KeyC', 'c', { with: ['Control'], timeStamp: 20 });
    up('KeyC', 'c', { with: ['Control'] });
    up('ControlLeft', 'Control');
    expect(sink.taken()).toEqual([
      'ControlLeft down ffe3',
      'KeyC down 63',
      'KeyC up',
      'ControlLeft up',
    ]);
    down('ControlLeft', 'Control', { with: ['Control'], timeStamp: 1_000 });
    vi.advanceTimersByTime(50);
    expect(sink.taken()).toEqual(['ControlLeft down ffe3']);
    up('ControlLeft', 'Control');
    expect(sink.taken()).toEqual(['ControlLeft up']);
  });

  it('[INPUT-74] made of Control and Alt lets go of both before its character', () => {
    const { sink, down, up } = aKeyboard('windows');
    const held = { with: ['Control', 'Alt', 'AltGraph'] };
    down('ControlLeft', 'Control', { with: ['Control'], timeStamp: 0 });
    vi.advanceTimersByTime(50);
    down('AltLeft', 'Alt', { ...held, timeStamp: 200 });
    down('KeyE', '€', { ...held, timeStamp: 300 });
    down('KeyQ', '@', { ...held, timeStamp: 400 });
    expect(sink.taken()).toEqual([
      ...['ControlLeft down ffe3', 'AltLeft down ffe9', 'ControlLeft up', 'AltLeft up'],
      ...['KeyE down 10020ac', 'KeyQ down 40'],
    ]);
    for (const [code, key] of [
      ['AltLeft', 'Alt'],
      ['ControlLeft', 'Control'],
      ['KeyE', 'e'],
      ['KeyQ', 'q'],
    ] as const) {
      up(code, key);
    }
    expect(sink.down.size).toBe(0);
  });
});

describe('macOS', () => {
  it('[INPUT-75] never tells that a key went up under Command: it is tapped, also when it repeats', () => {
    const { sink, down, up } = aKeyboard('mac');
    down('MetaLeft', 'Meta', { with: ['Meta'] });
    down('KeyZ', 'z', { with: ['Meta'] });
    down('KeyZ', 'z', { with: ['Meta'], repeat: true });
    up('MetaLeft', 'Meta');
    expect(sink.taken()).toEqual([
      ...['ControlLeft down ffe3', 'KeyZ down 7a', 'KeyZ up', 'KeyZ down 7a', 'KeyZ up'],
      'ControlLeft up',
    ]);
  });

  it('[INPUT-75] has Control where Command is, for keys that are pressed by the page too', () => {
    const { sink, keyboard, down } = aKeyboard('mac');
    down('MetaLeft', 'Meta', { with: ['Meta'] });
    expect(keyboard.holds('Control')).toBe(true);
    keyboard.chord(
      [
        { code: 'ControlLeft', keysym: 0xffe3 },
        { code: 'KeyV', keysym: 0x76 },
      ],
      0,
    );
    expect(sink.taken()).toEqual(['ControlLeft down ffe3', 'KeyV down 76', 'KeyV up']);
  });

  it('[INPUT-75] keeps no key down that was pressed before Command', () => {
    const { sink, down, up } = aKeyboard('mac');
    down('KeyA', 'a');
    down('MetaRight', 'Meta', { with: ['Meta'] });
    up('MetaRight', 'Meta');
    expect(sink.taken()).toEqual([
      'KeyA down 61',
      'MetaRight down ffec',
      'MetaRight up',
      'KeyA up',
    ]);
  });

  it('[INPUT-75] makes characters with Option, which is Alt otherwise', () => {
    const { sink, down, up } = aKeyboard('mac');
    down('AltLeft', 'Alt', { with: ['Alt'] });
    down('KeyL', '@', { with: ['Alt'] });
    up('KeyL', '@', { with: ['Alt'] });
    down('ArrowLeft', 'ArrowLeft', { with: ['Alt'] });
    up('ArrowLeft', 'ArrowLeft', { with: ['Alt'] });
    up('AltLeft', 'Alt');
    down('AltLeft', 'Alt', { with: ['Alt'] });
    down('ArrowLeft', 'ArrowLeft', { with: ['Alt'] });
    expect(sink.taken()).toEqual([
      ...['AltLeft down ffe9', 'AltLeft up', 'KeyL down 40', 'KeyL up'],
      ...['ArrowLeft down ff51', 'ArrowLeft up', 'AltLeft down ffe9', 'ArrowLeft down ff51'],
    ]);
  });
});

describe('modifiers', () => {
  it('[INPUT-76] follow what each event knows of them', () => {
    const { sink, keyboard, down, up } = aKeyboard();
    down('ShiftRight', 'Shift', { with: ['Shift'] });
    down('KeyA', 'a');
    expect(sink.taken()).toEqual(['ShiftRight down ffe2', 'ShiftRight up', 'KeyA down 61']);
    up('KeyA', 'a');
    down('KeyC', 'c', { with: ['Control'] });
    expect(sink.taken()).toEqual(['KeyA up', 'ControlLeft down ffe3', 'KeyC down 63']);
    keyboard.follow(aKey('', ''), 0, false);
    expect(sink.taken()).toEqual(['ControlLeft up']);
    keyboard.follow(aKey('', '', { with: ['Shift'] }), 0, false);
    expect(sink.taken()).toEqual([]);
    keyboard.follow(aKey('', '', { with: ['Shift'] }), 0, true);
    expect(sink.taken()).toEqual(['ShiftLeft down ffe1']);
  });

  it('[INPUT-76] of both sides go up one by one', () => {
    const { sink, down, up } = aKeyboard();
    down('ShiftLeft', 'Shift', { with: ['Shift'] });
    down('ShiftRight', 'Shift', { with: ['Shift'] });
    up('ShiftLeft', 'Shift', { with: ['Shift'] });
    up('ShiftRight', 'Shift');
    expect(sink.taken()).toEqual([
      ...['ShiftLeft down ffe1', 'ShiftRight down ffe2', 'ShiftLeft up', 'ShiftRight up'],
    ]);
  });
});

const KEYS: readonly (readonly [string, string])[] = [
  ['KeyA', 'a'],
  ['KeyQ', '@'],
  ['Digit1', '!'],
  ['ArrowLeft', 'ArrowLeft'],
  ['ShiftLeft', 'Shift'],
  ['ShiftRight', 'Shift'],
  ['ControlLeft', 'Control'],
  ['ControlRight', 'Control'],
  ['AltLeft', 'Alt'],
  ['AltRight', 'AltGraph'],
  ['MetaLeft', 'Meta'],
  ['CapsLock', 'Control'],
  ['', 'Enter'],
  ['KeyN', 'Process'],
  ['PrintScreen', 'PrintScreen'],
];
const happening = fc.record({
  does: fc.constantFrom('down', 'down', 'up', 'up', 'repeat', 'point', 'click', 'blur', 'wait'),
  key: fc.constantFrom(...KEYS),
  modifiers: fc.subarray(['Shift', 'Control', 'Alt', 'Meta', 'AltGraph']),
});

describe('any sequence of events', () => {
  it.each(['mac', 'windows', 'other'] as const)(
    '[INPUT-77] leaves nothing down that its own key, a later event or a blur would not lift (%s)',
    (platform) => {
      fc.assert(
        fc.property(fc.array(happening, { maxLength: 40 }), (all) => {
          const { sink, keyboard, down, up } = aKeyboard(platform);
          let atMs = 0;
          for (const { does, key, modifiers } of all) {
            atMs += 10;
            const part = { with: modifiers, timeStamp: atMs };
            if (does === 'down') down(...key, part);
            else if (does === 'repeat') down(...key, { ...part, repeat: true });
            else if (does === 'up') up(...key, part);
            else if (does === 'wait') vi.advanceTimersByTime(100);
            else if (does === 'blur') {
              sink.release();
              keyboard.forget();
              vi.advanceTimersByTime(1_000);
              expect(sink.down.size).toBe(0);
            } else keyboard.follow(aKey('', '', part), atMs, does === 'click');
          }
          vi.advanceTimersByTime(100);
          for (const key of KEYS) up(...key, { timeStamp: atMs + 10 });
          expect([...sink.down.keys()]).toEqual([]);
        }),
        runs(1_000),
      );
    },
  );
});
