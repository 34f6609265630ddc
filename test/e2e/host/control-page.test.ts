import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { HostProcess } from '../../support/host/host-process.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';
import { says } from './says.ts';

const VIDEO = '[data-testid="video"]';
const ROOM = 'drive';

describe('control on the watch page', () => {
  let gateway: GatewayProcess;
  let browser: TestBrowser;
  let cube: HostProcess;

  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    browser = await openTestBrowser();
    const CS_TOKEN = gateway.token({ sub: 'cube', room: ROOM, can: ['host', 'publish'] });
    cube = new HostProcess(['--gateway', gateway.url, '--room', ROOM, '--source', 'cube'], {
      CS_TOKEN,
    });
    await cube.live();
  });
  afterEach(async () => {
    for (const page of browser.context.pages()) await page.close();
  });
  afterAll(async () => {
    await browser.close();
    expect(browser.pageErrors).toEqual([]);
    expect(await cube.close(), cube.output).toBe(0);
    await gateway.close();
  });

  type Right = 'watch' | 'control' | 'admin';
  const open = async (sub: string, can: readonly Right[] = ['watch', 'control']): Promise<Page> => {
    const token = gateway.token({ sub, room: ROOM, can: [...can] });
    const page = await browser.open(`${gateway.url}/watch/${ROOM}#token=${token}`);
    await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 30_000 });
    await page.getByTestId('control').waitFor();
    return page;
  };
  const standing = (page: Page) => page.getByTestId('control-status').getAttribute('data-standing');
  const stands = (page: Page, kind: string) =>
    waitFor(async () => (await standing(page)) === kind, {
      timeoutMs: 15_000,
      what: `the page to be ${kind}`,
    });

  test('control is taken by the button, asked for, handed on and given back', async () => {
    const [anna, ben] = [await open('anna'), await open('ben')];
    await says(anna, 'control-status', 'Nobody is in control');
    await anna.getByTestId('drive').click();
    await stands(anna, 'driving');
    await says(anna, 'control-notice', 'You have control now.');
    await says(ben, 'control-status', 'anna is in control');
    await says(ben, 'control-news', 'anna has control now.');

    await ben.getByTestId('drive').click();
    await says(ben, 'control-status', 'You are next');
    await says(anna, 'control-status', '1 waits');
    await anna.getByTestId('drive').click();
    await stands(ben, 'driving');
    await stands(anna, 'taken');
    await ben.getByTestId('drive').click();
    await stands(anna, 'free');
  });

  test('one click into the picture says what a second would do', async () => {
    const anna = await open('anna');
    await anna.getByTestId('click-to-drive').click();
    await says(anna, 'click-prompt', 'Click again to take control');
    expect(await standing(anna)).toBe('free');
    await anna.getByTestId('click-to-drive').click();
    await stands(anna, 'driving');
    expect(await anna.getByTestId('click-to-drive').count()).toBe(0);
  });

  test('by keyboard alone: c takes control, a chord brings the keys back, the button lets go', async () => {
    const anna = await open('anna');
    await anna.keyboard.press('c');
    await stands(anna, 'driving');
    await anna.getByTestId('way-out').waitFor();
    await anna.keyboard.press('i');
    await anna.keyboard.press('m');
    expect(await anna.getByTestId('figures').count()).toBe(0);
    expect(await anna.locator(VIDEO).evaluate((video: HTMLVideoElement) => video.muted)).toBe(
      false,
    );

    await anna.keyboard.press('Control+Alt+Shift+KeyZ');
    await waitFor(async () => (await focused(anna)) === 'drive', {
      what: 'the focus on the button',
    });
    expect(await anna.getByTestId('way-out').count()).toBe(0);
    await anna.keyboard.press('Enter');
    await stands(anna, 'free');
    await anna.keyboard.press('i');
    await anna.getByTestId('figures').waitFor();
  });

  test('an owner takes control, gives it, and locks the room; whoever lost it is told why', async () => {
    const [anna, olga] = [await open('anna'), await open('olga', ['watch', 'control', 'admin'])];
    await anna.getByTestId('drive').click();
    await stands(anna, 'driving');
    await stands(olga, 'taken');
    await olga.getByTestId('drive').click();
    await stands(olga, 'driving');
    await says(anna, 'control-notice', 'olga');

    await anna.getByTestId('drive').click();
    await stands(anna, 'waiting');
    await olga.getByTestId('people-toggle').click();
    await olga.locator('[data-person="anna"] [data-testid="give"]').click();
    await stands(anna, 'driving');
    await olga.getByTestId('policy-mode').selectOption('view-only');
    await stands(anna, 'barred');
    await says(anna, 'control-status', 'View only');
    await olga.getByTestId('policy-mode').selectOption('open');
    await stands(anna, 'free');
  });

  test('a hand is seen by the owner, who lowers it; a watcher has no button to drive', async () => {
    const [walt, olga] = [await open('walt', ['watch']), await open('olga', ['watch', 'admin'])];
    expect(await walt.getByTestId('drive').count()).toBe(0);
    await walt.getByTestId('people-toggle').click();
    await walt.getByTestId('hand').click();
    await says(olga, 'control-news', 'walt raised a hand.');
    await olga.getByTestId('people-toggle').click();
    await olga.locator('[data-person="walt"] [data-testid="lower-hand"]').click();
    await says(walt, 'hand', 'Raise your hand');
  });

  test('what is done to the picture reaches the host, and the page tells how long it takes', async () => {
    const anna = await open('anna');
    await anna.keyboard.press('c');
    await stands(anna, 'driving');
    const surface = anna.getByTestId('surface');
    await waitFor(
      async () => {
        await surface.hover({ position: { x: 600, y: 300 } });
        await surface.hover({ position: { x: 640, y: 320 } });
        const told = await anna.getByTestId('latency').textContent();
        // SRS gives each viewer timestamps of its own: pictures cannot be told by them.
        const isWhole = GatewayProcess.usesRealNodes || told?.includes('to picture') === true;
        return isWhole && told?.includes('round trip') === true;
      },
      { timeoutMs: 30_000, everyMs: 200, what: 'the latency of input' },
    );
  });

  test('keys that the browser keeps are sent by the sheet, which Escape closes', async () => {
    const anna = await open('anna');
    await anna.getByTestId('drive').click();
    await anna.getByTestId('shortcuts-toggle').click();
    const sent = anna.waitForEvent('console', (line) => line.text() === 'sent Delete');
    await recordKeys(anna);
    await anna.locator('[data-shortcut="Ctrl+Alt+Del"]').click();
    await sent;
    await anna.keyboard.press('Escape');
    expect(await anna.getByTestId('shortcuts').count()).toBe(0);
    expect(await focused(anna)).toBe('shortcuts-toggle');
    await stands(anna, 'driving');
  });

  test('on a phone of 360 pixels everything is at hand by touch', async () => {
    const context = await browser.browser.newContext({
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    });
    const phone = await context.newPage();
    const token = gateway.token({ sub: 'phil', room: ROOM, can: ['watch', 'control'] });
    await phone.goto(`${gateway.url}/watch/${ROOM}#token=${token}`);
    await phone.getByTestId('drive').tap();
    await stands(phone, 'driving');
    await phone.getByTestId('screen-keyboard').tap();
    await phone.getByTestId('touch-keys').waitFor();
    const ctrl = phone.locator('[data-key="Ctrl"]');
    await ctrl.tap();
    expect(await ctrl.getAttribute('aria-pressed')).toBe('true');
    await recordKeys(phone);
    const sent = phone.waitForEvent('console', (line) => line.text() === 'sent Tab');
    await phone.locator('[data-key="Tab"]').tap();
    await sent;
    expect(await ctrl.getAttribute('aria-pressed')).toBe('false');
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    for (const id of ['drive', 'people-toggle', 'fullscreen']) {
      const box = await phone.getByTestId(id).boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0), id).toBeLessThanOrEqual(360);
      expect((box?.y ?? 0) + (box?.height ?? 0), id).toBeLessThanOrEqual(740);
    }
    await context.close();
  });

  test('another name is what the others see', async () => {
    const [anna, ben] = [await open('anna'), await open('ben')];
    await anna.getByTestId('people-toggle').click();
    await anna.getByTestId('name').fill('Änne');
    await anna.getByTestId('name-save').click();
    await anna.keyboard.press('Escape');
    expect(await anna.getByTestId('people').count()).toBe(0);
    await anna.getByTestId('drive').click();
    await says(ben, 'control-status', 'Änne is in control');
    await anna.evaluate(() => localStorage.clear());
  });
});

const focused = (page: Page) =>
  page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['testid'] ?? '');

/** Prints the code of each key that goes down in a frame from now on. */
const recordKeys = (page: Page) =>
  page.evaluate(() => {
    const { prototype } = WebSocket;
    const send = Reflect.get(prototype, 'send');
    prototype.send = function (this: WebSocket, data: string) {
      const { events = [] } = JSON.parse(data) as {
        readonly events?: readonly { readonly code?: string; readonly down?: boolean }[];
      };
      for (const { code, down } of events) if (down === true) console.log(`sent ${code ?? ''}`);
      send.call(this, data);
    };
  });
