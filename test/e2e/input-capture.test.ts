import type { CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InputFrame } from '../../gateway/protocol/input.ts';
import { HeldInput } from '../../host-publisher/input/held-input.ts';
import type { Injection } from '../../host-publisher/input/injection.ts';
import { framesOf, openCapture } from '../support/browser/capture-page.ts';
import { openPageServer } from '../support/browser/page-server.ts';
import type { PageServer } from '../support/browser/page-server.ts';
import { openTestBrowser } from '../support/browser/test-browser.ts';
import type { TestBrowser } from '../support/browser/test-browser.ts';
import { waitFor } from '../support/wait-for.ts';

const LEASES = { pointer: 1, keyboard: 1, gamepad: 1 };

let server: PageServer;
let browser: TestBrowser;
let page: Page;
let cdp: CDPSession;

beforeAll(async () => {
  server = await openPageServer();
  browser = await openTestBrowser();
});
afterAll(async () => {
  await browser.close();
  await server.close();
});
beforeEach(async () => {
  page = await browser.open(server.page('capture'));
  cdp = await browser.context.newCDPSession(page);
  await openCapture(page);
  await until(() => page.evaluate(() => window.capturePage?.capture.state.value.hasKeys === true));
});
afterEach(async () => {
  await page.close();
  expect(browser.pageErrors).toEqual([]);
});

const until = (ask: () => unknown) => waitFor(ask, { what: 'what the page does' });

/** What a host would do of all that the page sent. */
async function acts(): Promise<Injection[]> {
  const host = new HeldInput();
  host.lease(LEASES);
  const frames = await framesOf(page);
  for (const frame of frames) expect(InputFrame.safeParse(frame).error).toBeUndefined();
  return frames.flatMap((frame) => host.take(frame, 0) ?? []);
}

/** Text, keys that go down, and buttons, in words. */
async function typed(): Promise<string> {
  return (await acts())
    .map((act) => {
      if (act.type === 'text') return act.text;
      if (act.type === 'button') return act.down ? `[${act.button}` : `${act.button}]`;
      if (act.type !== 'key' || !act.down) return '';
      const point = act.keysym >= 0x0100_0000 ? act.keysym - 0x0100_0000 : act.keysym;
      return act.keysym < 0x100 || (act.keysym >= 0x0100_0000 && act.keysym < 0x1000_0000)
        ? String.fromCodePoint(point)
        : `<${act.code}>`;
    })
    .join('');
}

const heldNow = async () => (await framesOf(page)).findLast(({ held }) => held !== undefined)?.held;

describe('a page with control, in Chromium', () => {
  it('[INPUT-73] sends keys as they are typed, and keeps those of its own', async () => {
    await page.keyboard.type('Hi ä!');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('F2');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowLeft');
    expect(await typed()).toBe('Hi ä!<ControlLeft>a<Enter><ArrowLeft>');
    expect((await heldNow())?.keys).toEqual([]);
  });

  it('[INPUT-80] sends what an input method commits, and not what it shows meanwhile', async () => {
    for (const text of ['n', 'に', 'にほ', 'にほん', '日本']) {
      await cdp.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
    }
    expect(await typed()).toBe('');
    await cdp.send('Input.insertText', { text: '日本' });
    await cdp.send('Input.imeSetComposition', {
      text: 'zhong',
      selectionStart: 5,
      selectionEnd: 5,
    });
    await cdp.send('Input.insertText', { text: '中' });
    for (const text of ['ㅎ', '하', '한']) {
      await cdp.send('Input.imeSetComposition', { text, selectionStart: 1, selectionEnd: 1 });
    }
    await cdp.send('Input.insertText', { text: '한' });
    await cdp.send('Input.imeSetComposition', { text: '´', selectionStart: 1, selectionEnd: 1 });
    await cdp.send('Input.insertText', { text: 'é' });
    await cdp.send('Input.insertText', { text: '😀' });
    await until(async () => (await typed()) === '日本中한é😀');
    await cdp.send('Input.imeSetComposition', { text: 'x', selectionStart: 1, selectionEnd: 1 });
    await cdp.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 });
    await page.keyboard.type('k');
    expect(await typed()).toBe('日本中한é😀k');
  });

  it('[INPUT-81] shows the letters of a keyboard on a screen at once, and what it corrects', async () => {
    const key = {
      type: 'keyDown' as const,
      key: 'Unidentified',
      code: '',
      windowsVirtualKeyCode: 229,
    };
    const compose = async (text: string) => {
      await cdp.send('Input.dispatchKeyEvent', key);
      const at = text.length;
      await cdp.send('Input.imeSetComposition', { text, selectionStart: at, selectionEnd: at });
    };
    for (const text of ['t', 'te', 'teh']) await compose(text);
    await until(async () => (await typed()) === 'teh');
    await cdp.send('Input.insertText', { text: 'the ' });
    await until(async () => (await typed()) === 'teh<Backspace><Backspace>he ');
    await page.evaluate(`document.execCommand('delete')`);
    await page.evaluate(`document.execCommand('insertLineBreak')`);
    await until(async () => (await typed()) === 'teh<Backspace><Backspace>he <Backspace><Enter>');
  });

  it('[INPUT-82] points into the picture between its borders, drags beyond it and turns the wheel', async () => {
    await page.mouse.move(50 + 80, 20);
    await page.mouse.move(50 + 80 + 320, 20 + 180);
    await page.mouse.down();
    await page.mouse.move(50 + 80 + 480, 20 + 90, { steps: 3 });
    await page.mouse.move(1_200, 700);
    await page.mouse.up();
    await page.mouse.move(300, 100);
    await page.mouse.wheel(0, 240);
    await until(async () => (await acts()).some(({ type }) => type === 'wheel'));
    const all = await acts();
    expect(all).toContainEqual({ type: 'move', x: 0.5, y: 0.5 });
    expect(all).toContainEqual({ type: 'move', x: 1, y: 1 });
    const wheel = all.flatMap((act) => (act.type === 'wheel' ? act.y : []));
    expect(wheel.reduce((sum, y) => sum + y, 0)).toBe(240);
    const down = all.findIndex((act) => act.type === 'button' && act.down);
    const up = all.findIndex((act) => act.type === 'button' && !act.down);
    expect(all[down - 1]).toEqual({ type: 'move', x: 0.5, y: 0.5 });
    expect(all[up - 1]).toEqual({ type: 'move', x: 1, y: 1 });
  });

  it('[INPUT-79] presses the right button without a menu, and modifiers with a click', async () => {
    await page.keyboard.down('Shift');
    await page.mouse.click(450, 200, { button: 'right' });
    await page.keyboard.up('Shift');
    expect(await typed()).toBe('<ShiftLeft>[22]');
  });

  it('[INPUT-83] lets go of everything when the focus, the page or the lease goes', async () => {
    const hold = async () => {
      await page.mouse.move(450, 200);
      await page.mouse.down();
      await page.keyboard.down('w');
      expect(await heldNow()).toMatchObject({ keys: [{ code: 'KeyW' }], buttons: 1 });
    };
    const letUp = async () => {
      await page.keyboard.up('w');
      await page.mouse.up();
    };
    const none = { keys: [], buttons: 0, touches: [], gamepads: [] };
    for (const what of ['blur', 'pagehide', 'freeze', 'button'] as const) {
      await page.evaluate(() => window.capturePage?.capture.focus());
      await hold();
      if (what === 'button') await page.evaluate(() => document.querySelector('button')?.focus());
      else if (what === 'freeze')
        await page.evaluate(() => document.dispatchEvent(new Event('freeze')));
      else await page.evaluate((type) => window.dispatchEvent(new Event(type)), what);
      expect(await heldNow(), what).toEqual(none);
      await letUp();
      expect(await heldNow(), what).toEqual(none);
    }
    await page.evaluate(() => window.capturePage?.capture.focus());
    await hold();
    const some = { pointer: 1, keyboard: 1, gamepad: null };
    await page.evaluate((leases) => window.capturePage?.sender.setLeases(leases), some);
    await letUp();
    expect(await heldNow()).toEqual(none);
    await hold();
    const before = (await framesOf(page)).length;
    await page.evaluate(() => window.capturePage?.lease(null));
    await letUp();
    await page.keyboard.type('x');
    const after = await framesOf(page);
    expect(after.slice(before).filter(({ events }) => events.length > 0)).toEqual([]);
    await page.evaluate(() => window.capturePage?.lease(2));
    await page.keyboard.type('y');
    expect((await framesOf(page)).at(-1)).toMatchObject({ epoch: 2, held: none });
  });

  it('[INPUT-65] says again what is held while nothing changes', async () => {
    await page.keyboard.down('w');
    const { length } = await framesOf(page);
    await until(async () => (await framesOf(page)).length > length + 3);
    expect((await framesOf(page)).at(-1)).toMatchObject({
      held: { keys: [{ code: 'KeyW' }] },
      events: [],
    });
  });

  it('[CLIP-46] pastes after the content is at the host, with the keys that were pressed', async () => {
    await page.evaluate(() => {
      const other = document.createElement('textarea');
      document.body.append(other);
      other.value = 'one\ntwo';
      other.select();
    });
    await page.keyboard.press('Control+c');
    await page.evaluate(() => window.capturePage?.capture.focus());
    await page.keyboard.press('Control+v');
    await until(async () => (await typed()).endsWith('v'));
    expect(await page.evaluate(() => window.capturePage?.pasted)).toEqual(['one\ntwo']);
    expect((await heldNow())?.keys).toEqual([]);
  });

  it('[INPUT-84] sends how far a locked pointer goes in pixels of the host', async () => {
    await page.mouse.click(450, 200);
    await page.evaluate(() => window.capturePage?.capture.lockPointer());
    await until(() => page.evaluate(() => window.capturePage?.capture.state.value.isPointerLocked));
    await page.mouse.move(460, 205);
    await page.mouse.move(470, 200);
    await until(async () => (await framesOf(page)).at(-1)?.travel?.x === 40);
    expect((await framesOf(page)).at(-1)).toMatchObject({ travel: { x: 40, y: 0 } });
    expect((await framesOf(page)).at(-1)).not.toHaveProperty('pointer');
    await page.evaluate(() => window.capturePage?.capture.unlockPointer());
    await until(() =>
      page.evaluate(() => !window.capturePage?.capture.state.value.isPointerLocked),
    );
  });

  it('[INPUT-79] taps with a finger, and hands fingers on where the page says so', async () => {
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]) =>
      cdp.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: points.map(([x, y], id) => ({ x, y, id })),
      });
    await touch('touchStart', [450, 200]);
    await touch('touchEnd');
    await until(async () => (await typed()) === '[00]');
    await page.evaluate(() => window.capturePage?.capture.setTouchMode('direct'));
    await touch('touchStart', [450, 200], [290, 200]);
    await until(async () => (await heldNow())?.touches.length === 2);
    await touch('touchMove', [450, 110], [290, 200]);
    await until(async () => (await heldNow())?.touches[0]?.y === 0.25);
    await touch('touchEnd');
    await until(async () => (await heldNow())?.touches.length === 0);
  });
});
