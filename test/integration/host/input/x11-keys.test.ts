import { execFileSync } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aDisplay, anInjector, key, tap } from '../../../support/host/x11-desk.ts';
import { X11Terminal } from '../../../support/host/x11-terminal.ts';
import { X11Witness } from '../../../support/host/x11-witness.ts';
import { waitFor } from '../../../support/wait-for.ts';

const SHIFT = ['ShiftLeft', 0xffe1] as const;
const CONTROL = ['ControlLeft', 0xffe3] as const;
const ALT_GR = ['AltRight', 0xfe03] as const;
const CAPS_LOCK = 0xffe5;
const CONTROL_BIT = 4;
const CYRILLIC_ES = 0x06d3;
const KEYCODE_C = 54;

type Control = NonNullable<Parameters<typeof anInjector>[1]>['control'];

const terminal = async (control?: Control) => {
  const display = await aDisplay();
  const shell = await X11Terminal.open(display.name);
  onTestFinished(() => shell.close());
  return { display, shell, ...(await anInjector(display.name, control && { control })) };
};
const window = async (control?: Control) => {
  const display = await aDisplay();
  const witness = await X11Witness.open(display.name, { x: 0, y: 0, width: 640, height: 360 });
  onTestFinished(() => witness.close());
  return { display, witness, ...(await anInjector(display.name, control && { control })) };
};
const layout = (display: string, ...args: string[]) =>
  execFileSync('setxkbmap', ['-display', display, ...args]);

describe('keys on an X11 display', () => {
  it('[INPUT-22] type any text: accents, other scripts, emoji, lines', async () => {
    const { inject, shell } = await terminal();
    const text = 'aZ!@#~ éñß ąćęł ж ελ עב 漢字テキスト 한글 ½€ 😀🎉\tend\n';
    await inject({ type: 'text', text });
    await shell.received(text.replace('\n', '\r'));
  });

  it('[INPUT-22] type more letters than there are keys to lend', async () => {
    const { inject, shell, display } = await terminal();
    const text = Array.from({ length: 120 }, (_, index) => String.fromCodePoint(0x4e00 + index));
    await inject({ type: 'text', text: text.join('') });
    await shell.received(text.join(''));
    const again = `${text.slice(110).join('')}a${text.slice(80, 100).join('')}`;
    await inject({ type: 'text', text: again });
    await shell.received(text.join('') + again);
    const map = execFileSync('xmodmap', ['-display', display.name, '-pke']).toString();
    expect(map).toContain('keycode  38 = a A');
  });

  it('[INPUT-23] mean what they mean to their sender, whatever the modifiers are on this layout', async () => {
    const { inject, shell } = await terminal();
    await inject(...tap('KeyA', 0x41), key(...SHIFT, true), ...tap('Digit1', 0x31));
    await inject(...tap('KeyB', 0x42), key(...SHIFT, false), ...tap('Digit7', 0x2f));
    await inject(...tap('KeyQ', 0xe9), ...tap('KeyA', 0x61));
    await shell.received('A1B/éa');
  });

  it('[INPUT-22] type text as it is while a shortcut is held', async () => {
    const { inject, shell } = await terminal();
    await inject(key(...CONTROL, true), key(...SHIFT, true), { type: 'text', text: 'cЖ1' });
    await inject(key(...CONTROL, false), key(...SHIFT, false));
    await shell.received('cЖ1');
  });

  it('[INPUT-23] mean the same while CapsLock and NumLock of the host are on', async () => {
    const { inject, shell, display } = await terminal();
    const other = await anInjector(display.name, {
      control: { keyboardMode: 'code', keyboardLayout: null },
    });
    await other.inject(...tap('CapsLock', 0), ...tap('NumLock', 0));
    await inject();
    await inject(...tap('KeyA', 0x61), ...tap('KeyA', 0x41), ...tap('Numpad7', 0xffb7));
    await inject(...tap('CapsLock', CAPS_LOCK), ...tap('KeyA', 0x61));
    await shell.received('aA7a');
  });

  it('[INPUT-24] find what a third level or another layout has', async () => {
    const { inject, shell } = await terminal({
      keyboardMode: 'keysym',
      keyboardLayout: 'de(nodeadkeys),ru',
    });
    await inject(key(...ALT_GR, true), ...tap('KeyQ', 0x40), key(...ALT_GR, false));
    await inject(...tap('Digit2', 0x40), ...tap('KeyY', 0x7a), ...tap('KeyC', CYRILLIC_ES));
    await inject({ type: 'text', text: 'z@сÜ{' });
    await shell.received('@@zсz@сÜ{');
  });

  it('[INPUT-24] follow a layout that its user changes', async () => {
    const { inject, shell, display } = await terminal();
    await inject({ type: 'text', text: 'yж' });
    await shell.received('yж');
    layout(display.name, '-layout', 'de');
    await waitFor(
      async () => {
        await inject({ type: 'text', text: 'yzß' });
        return shell.text.endsWith('yzß');
      },
      { what: 'the letters of the other layout' },
    );
    await inject({ type: 'text', text: 'ж' });
    await waitFor(() => shell.text.endsWith('ж'), { what: 'a letter that was lent before' });
  });

  it('[INPUT-25] are shortcuts by their Latin letter, wherever it is', async () => {
    const { inject, witness } = await window();
    await inject(...tap('KeyC', CYRILLIC_ES));
    await inject(key(...CONTROL, true), ...tap('KeyC', CYRILLIC_ES), key(...CONTROL, false));
    await witness.sync();
    const press = witness.events.find(({ keycode }) => keycode === KEYCODE_C);
    expect(press).toMatchObject({ name: 'KeyPress', buttons: CONTROL_BIT });
  });

  it('[INPUT-25] leave Shift down in a shortcut of a letter', async () => {
    const { inject, witness } = await window();
    await inject(key(...CONTROL, true), key(...SHIFT, true), ...tap('KeyC', 0x63));
    await inject(key(...SHIFT, false), key(...CONTROL, false));
    await witness.sync();
    const press = witness.events.find(({ keycode }) => keycode === KEYCODE_C);
    expect(press).toMatchObject({ name: 'KeyPress', buttons: CONTROL_BIT | 1 });
  });

  it('[INPUT-26] are pressed by their place for games', async () => {
    const { inject, witness } = await window({ keyboardMode: 'code', keyboardLayout: 'fr' });
    await inject(...tap('KeyW', 0x7a), ...tap('ArrowUp', 0xff52));
    expect(await witness.told('KeyPress', 'KeyRelease')).toEqual([
      'KeyPress 25',
      'KeyRelease 25',
      'KeyPress 111',
      'KeyRelease 111',
    ]);
  });

  it('[INPUT-26] are repeated by the display while they are held', async () => {
    const { inject, witness } = await window();
    await inject(key('KeyA', 0x61, true));
    await waitFor(async () => (await witness.told('KeyPress')).length > 3, { what: 'repeats' });
    await inject(key('KeyA', 0x61, false));
    expect(await witness.keysDown()).toEqual([]);
  });
});
