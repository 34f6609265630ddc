import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WitnessedEvent, BrowserWitness } from '../../support/host/browser-witness.ts';
import { DesktopStage, drives, takeControl } from '../../support/stage/desktop-stage.ts';
import { waitFor } from '../../support/wait-for.ts';

describe('a desktop that a viewer drives', () => {
  let stage: DesktopStage;
  let witness: BrowserWitness;
  let page: Page;

  beforeAll(async () => {
    stage = await DesktopStage.open();
    ({ witness } = stage);
    page = await stage.watch('anna');
    await takeControl(page);
  });
  afterAll(() => stage.close());
  beforeEach(async () => {
    await witness.clearText();
    await witness.forget();
  });

  const moveTo = async (x: number, y: number, steps = 1): Promise<void> => {
    const point = await stage.pointOf(page, x, y);
    await page.mouse.move(point.x, point.y, { steps });
  };
  const isNear = ({ x = -99, y = -99 }: WitnessedEvent, wantedX: number, wantedY: number) =>
    Math.abs(x - wantedX) <= 3 && Math.abs(y - wantedY) <= 3;

  test('[E2E-40] typed text arrives as it was typed', async () => {
    const text = 'Hello, World! 1+2=3 ~@#$%^&*()_{}[]|<>?';
    await page.keyboard.type(text);
    await witness.hasText(text);
  });

  test('[E2E-41] accents, other scripts and emoji arrive whatever the layout there has', async () => {
    await page.keyboard.insertText('naïve café — Жук 漢字 かな 한글 €😀');
    await witness.hasText('naïve café — Жук 漢字 かな 한글 €😀');
  });

  test('[E2E-42] what an input method composes arrives once it is composed', async () => {
    const session = await page.context().newCDPSession(page);
    for (const text of ['に', 'にほ', 'にほん', '日本']) {
      await session.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
    }
    await session.send('Input.insertText', { text: '日本' });
    await page.keyboard.type('!');
    await witness.hasText('日本!');
  });

  test('[E2E-43] shortcuts reach the program with their modifiers', async () => {
    await page.keyboard.type('replaced');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('whole');
    await witness.hasText('whole');
    await page.keyboard.press('Control+Shift+ArrowLeft');
    await witness.hears('Ctrl+Shift+Left', (events) =>
      events.some(
        ({ type, code, modifiers }) =>
          type === 'keydown' && code === 'ArrowLeft' && modifiers === 'Control+Shift',
      ),
    );
  });

  test('[E2E-44] clicks land where they are seen, by each button', async () => {
    for (const [button, x, y] of [
      ['left', 400, 600],
      ['right', 1200, 700],
      ['middle', 800, 520],
    ] as const) {
      await moveTo(x, y);
      await page.mouse.down({ button });
      await page.mouse.up({ button });
      const number = { left: 0, middle: 1, right: 2 }[button];
      await witness.hears(`a ${button} click`, (events) =>
        ['mousedown', 'mouseup'].every((type) =>
          events.some(
            (event) => event.type === type && event.button === number && isNear(event, x, y),
          ),
        ),
      );
    }
    // On a busy machine two clicks may be too far apart to be one.
    await waitFor(
      async () => {
        const { x, y } = await stage.pointOf(page, 500, 650);
        await page.mouse.dblclick(x, y);
        return (await witness.events()).some(({ type }) => type === 'dblclick');
      },
      { timeoutMs: 20_000, everyMs: 1_000, what: 'a double click' },
    );
  });

  test('[E2E-45] a drag holds its button all the way', async () => {
    await moveTo(300, 500);
    await page.mouse.down();
    await moveTo(1300, 850, 20);
    await page.mouse.up();
    await witness.hears('the end of the drag', (events) =>
      events.some((event) => event.type === 'mouseup' && isNear(event, 1300, 850)),
    );
    const events = await witness.events();
    const down = events.findIndex(({ type }) => type === 'mousedown');
    const up = events.findIndex(({ type }) => type === 'mouseup');
    expect(isNear(events[down] ?? { type: '' }, 300, 500)).toBe(true);
    expect(
      events.slice(down, up).filter(({ type }) => type === 'mousemove').length,
    ).toBeGreaterThan(2);
    expect(events.filter(({ type }) => type === 'mousedown')).toHaveLength(1);
  });

  test('[E2E-46] the wheel turns in both axes', async () => {
    await moveTo(800, 700);
    await page.mouse.wheel(0, 240);
    await page.mouse.wheel(-240, 0);
    const sum = (events: readonly WitnessedEvent[], axis: 'deltaX' | 'deltaY') =>
      events.reduce((total, event) => total + (event[axis] ?? 0), 0);
    await witness.hears(
      'both axes',
      (events) => sum(events, 'deltaY') > 0 && sum(events, 'deltaX') < 0,
    );
  });

  test('[E2E-47] what is pasted here is pasted there, and what is copied there can be had here', async () => {
    const there = 'Grüße aus der Zwischenablage 漢字';
    await page.evaluate((text) => navigator.clipboard.writeText(text), there);
    await page.keyboard.press('Control+v');
    await witness.hasText(there);

    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    await page.getByTestId('clipboard-toggle').click();
    await page.evaluate(() => navigator.clipboard.writeText('nothing yet'));
    await page.getByTestId('clipboard-fetch').click({ timeout: 20_000 });
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(there);
    await page.getByTestId('clipboard-toggle').click();
  });

  test('[E2E-48] nothing stays down when the page loses its focus', async () => {
    await page.getByTestId('surface').click({ position: { x: 4, y: 4 } });
    await witness.forget();
    await page.keyboard.down('Shift');
    await page.keyboard.down('w');
    await moveTo(900, 700);
    await page.mouse.down();
    await witness.hears('keys and a button', (events) =>
      ['keydown', 'mousedown'].every((wanted) => events.some(({ type }) => type === wanted)),
    );
    await page.evaluate(() => window.dispatchEvent(new Event('blur')));
    await witness.hears('all of it let go', (events) => {
      const up = (code: string) =>
        events.some((event) => event.type === 'keyup' && event.code === code);
      return up('KeyW') && up('ShiftLeft') && events.some(({ type }) => type === 'mouseup');
    });
    await page.mouse.up();
    await page.keyboard.up('w');
    await page.keyboard.up('Shift');
  });

  test('[E2E-49] a locked pointer goes as far there as it goes here', async () => {
    await moveTo(800, 650);
    await page.getByTestId('pointer-lock').click();
    await page.waitForFunction(() => document.pointerLockElement !== null);
    await witness.forget();
    const at = async () => (await witness.events()).findLast(({ type }) => type === 'mousemove');
    const lock = await page.evaluate(() => ({ x: innerWidth / 2, y: innerHeight / 2 }));
    await page.mouse.move(lock.x, lock.y);
    const first = await waitFor(at, { timeoutMs: 20_000, what: 'motion' });
    await page.mouse.move(lock.x + 60, lock.y - 40, { steps: 6 });
    const scale = await stage.scaleOf(page);
    await witness.hears('the same way', (events) => {
      const last = events.findLast(({ type }) => type === 'mousemove');
      const [x, y] = [(last?.x ?? 0) - (first.x ?? 0), (last?.y ?? 0) - (first.y ?? 0)];
      return Math.abs(x - 60 * scale) <= 2 && Math.abs(y + 40 * scale) <= 2;
    });
    await page.evaluate(() => document.exitPointerLock());
  });

  test('[E2E-50] the screen there takes the size of the window here, and its own again', async () => {
    const size = () => witness.page.evaluate(() => [screen.width, screen.height]);
    const before = await size();
    await page.getByTestId('scale').selectOption('follow');
    const room = () =>
      page
        .locator('.picture')
        .evaluate(({ clientWidth, clientHeight }) => [clientWidth, clientHeight]);
    const isRight = async () => {
      const wanted = await room();
      return (await size()).every((length, axis) => [0, 1].includes(length - (wanted[axis] ?? 0)));
    };
    await waitFor(isRight, {
      timeoutMs: 20_000,
      what: 'the size of the window',
    });
    const [width = 1, height = 1] = await room();
    await expect
      .poll(() =>
        page
          .locator('video')
          .evaluate(({ videoWidth, videoHeight }: HTMLVideoElement) => videoWidth / videoHeight),
      )
      .toBeCloseTo(width / height, 1);
    await page.getByTestId('scale').selectOption('fit');
    await expect.poll(size).toEqual(before);
  });

  test('[E2E-51] three viewers hand control on, and only the one who has it is heard', async () => {
    /** Gives the picture the keyboard, beside the text. */
    const type = async (viewer: Page): Promise<void> => {
      const { x, y } = await stage.pointOf(viewer, 800, 700);
      await witness.forget();
      await viewer.mouse.click(x, y);
      await viewer.getByTestId('way-out').waitFor();
      await witness.hears('the click', (events) => events.some(({ type: of }) => of === 'mouseup'));
      await witness.page.locator('#text').focus();
    };
    const [ben, carl] = [await stage.watch('ben'), await stage.watch('carl')];
    await type(page);
    await page.keyboard.type('anna ');
    await ben.getByTestId('drive').click();
    await drives(ben, 'waiting');
    await carl.getByTestId('drive').click();
    await drives(carl, 'waiting');
    await page.keyboard.down('x');
    await page.getByTestId('drive').click();
    await drives(ben);
    await page.keyboard.up('x');
    await page.keyboard.type('not any more');
    await type(ben);
    await ben.keyboard.type('ben ');
    await ben.getByTestId('drive').click();
    await drives(carl);
    await type(carl);
    await carl.keyboard.type('carl');
    await waitFor(async () => /^anna x+ben carl$/.test(await witness.text()), {
      timeoutMs: 20_000,
      what: 'the text of three',
    }).catch(async (cause: unknown) => {
      throw new Error(`the text is ${JSON.stringify(await witness.text())}`, { cause });
    });
    await carl.close();
    await ben.close();
  });
});
