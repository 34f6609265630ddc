import { beforeEach, describe, expect, test } from 'vitest';
import type { InputSink } from '../../../../web/core/control/input-sink.ts';
import { NO_LEASES } from '../../../../web/core/control/leases.ts';
import { Observable } from '../../../../web/core/observable.ts';
import { StickyKeys } from '../../../../web/watch/control/sticky-keys.ts';

const TAB = { code: 'Tab', keysym: 0xff09 };

describe('modifiers that stay down', () => {
  let heard: string[];
  let keys: StickyKeys;

  beforeEach(() => {
    heard = [];
    const nothing = () => undefined;
    const sink: InputSink = {
      key: (code, keysym, down) => heard.push(`${down ? '+' : '-'}${code}:${keysym.toString(16)}`),
      text: (text) => heard.push(`"${text}"`),
      release: () => heard.push('release'),
      ...{ point: nothing, travel: nothing, wheel: nothing, button: nothing },
      ...{ touches: nothing, gamepads: nothing },
    };
    keys = new StickyKeys({ ...sink, leases: new Observable(NO_LEASES) });
  });

  test('one tap is for the next key', () => {
    keys.tap('Alt');
    expect(keys.state.value.Alt).toBe('next');
    keys.press(TAB);
    expect(heard).toEqual(['+AltLeft:ffe9', '+Tab:ff09', '-Tab:ff09', '-AltLeft:ffe9']);
    expect(keys.state.value.Alt).toBe('off');
  });

  test('two taps lock it, a third lets go', () => {
    keys.tap('Ctrl');
    keys.tap('Ctrl');
    keys.press(TAB);
    keys.press(TAB);
    expect(keys.state.value.Ctrl).toBe('locked');
    expect(heard.filter((each) => each.includes('Control'))).toEqual(['+ControlLeft:ffe3']);
    keys.tap('Ctrl');
    expect(heard.at(-1)).toBe('-ControlLeft:ffe3');
  });

  test('a modifier of the keyboard is not the next key', () => {
    keys.tap('Ctrl');
    keys.press({ code: 'ShiftLeft', keysym: 0xffe1 });
    expect(keys.state.value.Ctrl).toBe('next');
  });

  test('text with a modifier is keys, without it is text', () => {
    keys.text('é', 0);
    keys.tap('Ctrl');
    keys.text('c', 0);
    keys.text('v', 0);
    expect(heard).toEqual([
      '"é"',
      ...['+ControlLeft:ffe3', '+KeyC:63', '-KeyC:63', '-ControlLeft:ffe3'],
      '"v"',
    ]);
  });

  test('characters beyond Latin-1 have the keysyms of Unicode', () => {
    keys.tap('Alt');
    keys.text('ж', 0);
    expect(heard[1]).toBe('+Unidentified:1000436');
  });

  test('when everything is let go, nothing is sticky', () => {
    keys.tap('Super');
    keys.release();
    expect(keys.state.value.Super).toBe('off');
    expect(heard.at(-1)).toBe('release');
  });
});
