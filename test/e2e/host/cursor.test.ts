import { setInterval } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findColour, type Area, type Colour } from '../../support/browser/screenshot.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { aHost, type TestSocket } from '../../support/gateway/test-socket.ts';
import { HostProcess } from '../../support/host/host-process.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';
import { waitForState } from '../theatre.ts';

/** Nine pixels of magenta each way, held in the middle. */
const MAGENTA =
  'iVBORw0KGgoAAAANSUhEUgAAAAkAAAAJCAYAAADgkQYQAAAAFElEQVR4nGP4z/D/PyHMMKqIKEUAT53yDuMldjcAAAAASUVORK5CYII=';
const shape = { type: 'cursor/shape', width: 9, height: 9, hotX: 4, hotY: 4, png: MAGENTA };
const cursorColour: Colour = { least: [200, 0, 200], most: [255, 60, 255] };
/** Everything that the cube's picture has and the dark stage has not. */
const pictureColour: Colour = { least: [0, 0, 40], most: [255, 255, 255] };
const SIZE = { CS_WIDTH: '640', CS_HEIGHT: '360' };
const ROOM = 'cursor';

describe("the host's cursor over the picture", () => {
  let gateway: GatewayProcess;
  let browser: TestBrowser;
  let painter: Page;
  let publisher: HostProcess;
  let host: TestSocket;

  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    browser = await openTestBrowser();
    painter = await browser.open('about:blank');
    const CS_TOKEN = gateway.token({ sub: 'machine', room: ROOM, can: ['publish'] });
    publisher = new HostProcess(['--gateway', gateway.url, '--room', ROOM, '--source', 'cube'], {
      CS_TOKEN,
      ...SIZE,
    });
    await publisher.live();
  });
  beforeEach(async () => {
    host = await aHost(gateway.url, {
      path: `/ws/host/${ROOM}`,
      token: gateway.token({ sub: 'machine', room: ROOM, can: ['host'] }),
      capabilities: { cursor: true },
      status: { state: 'live' },
    });
    host.say(shape);
  });
  afterAll(async () => {
    await browser.close();
    expect(await publisher.close(), publisher.output).toBe(0);
    await gateway.close();
  });

  const watchIn = async (
    options: NonNullable<Parameters<typeof browser.browser.newContext>[0]>,
    query = '',
  ): Promise<Page> => {
    const context = await browser.browser.newContext(options);
    const page = await context.newPage();
    const token = gateway.token({ sub: 'viewer', room: ROOM, can: ['watch'] });
    await page.goto(`${gateway.url}/watch/${ROOM}?${query}#token=${token}`);
    await waitForState(page, 'live');
    return page;
  };

  const point = (x: number, y: number, visible = true) => {
    host.say({ type: 'cursor/position', x, y, visible });
  };

  /** Middle of the cursor as it is on the screen, once it rests near there. */
  const seenCursor = async (page: Page, near: { x: number; y: number }) => {
    let seen: Area | null = null;
    await waitFor(
      async () => {
        seen = await findColour(page, painter, cursorColour);
        if (seen === null) return false;
        const [x, y] = middle(seen);
        return Math.hypot(x - near.x, y - near.y) < 2;
      },
      {
        timeoutMs: 10_000,
        what: `the cursor within 2 px of ${JSON.stringify(near)}`,
      },
    ).catch((cause: unknown) => {
      throw new Error(`it is at ${JSON.stringify(seen)}`, { cause });
    });
  };

  /** Where the picture is on the screen, found by its colours alone. */
  const seenPicture = async (page: Page): Promise<Area> => {
    const stage = await page.locator('.picture').boundingBox();
    const controls = await page.locator('.controls').boundingBox();
    if (stage === null || controls === null) throw new Error('no stage');
    const free = { ...stage, height: Math.min(stage.height, controls.y - stage.y) };
    let before = '';
    return waitFor(
      async () => {
        const picture = await findColour(page, painter, pictureColour, free);
        const isStill = JSON.stringify(picture) === before;
        before = JSON.stringify(picture);
        return isStill && picture;
      },
      { timeoutMs: 20_000, what: 'a picture on the page that stays where it is' },
    );
  };

  const places = [
    [0.5, 0.5],
    [0.1, 0.2],
    [0.93, 0.88],
  ] as const;

  const expectInPlace = async (page: Page) => {
    const picture = await seenPicture(page);
    for (const [x, y] of places) {
      point(x, y);
      await seenCursor(page, {
        x: picture.x + x * picture.width,
        y: picture.y + y * picture.height,
      });
    }
    point(0.5, 0.5, false);
  };

  test.each([
    ['wide, with bars left and right', { viewport: { width: 1280, height: 600 } }],
    ['a phone, with bars above and below', { viewport: { width: 390, height: 844 } }],
    [
      'a phone of three device pixels each',
      { viewport: { width: 390, height: 844 }, deviceScaleFactor: 3 },
    ],
    [
      'a browser zoomed to 125 %',
      { viewport: { width: 1024, height: 615 }, deviceScaleFactor: 1.25 },
    ],
  ])('is where it points: %s', async (_what, options) => {
    const page = await watchIn(options);
    await expectInPlace(page);
    await page.context().close();
  });

  test('is where it points after the window changed, and in full screen', async () => {
    const page = await watchIn({ viewport: { width: 900, height: 700 } });
    await expectInPlace(page);
    await page.setViewportSize({ width: 700, height: 900 });
    await expectInPlace(page);
    await page.getByTestId('fullscreen').click();
    await page.waitForFunction(() => document.fullscreenElement !== null);
    await expectInPlace(page);
    await page.keyboard.press('f');
    await page.waitForFunction(() => document.fullscreenElement === null);
    await page.context().close();
  });

  test('[MEDIA-105] is where it points over the canvas, also in another window', async () => {
    const page = await watchIn({ viewport: { width: 1280, height: 600 } }, 'mode=websocket');
    expect(await page.getByTestId('watch').getAttribute('data-mode')).toBe('websocket');
    await expectInPlace(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectInPlace(page);
    await page.context().close();
  });

  test('is where it points in a picture that is cut or stretched', async () => {
    const page = await watchIn({ viewport: { width: 800, height: 800 } });
    const box = await page.locator('video').boundingBox();
    if (box === null) throw new Error('no video');
    for (const [fit, width] of [
      ['cover', box.height * (640 / 360)],
      ['fill', box.width],
    ] as const) {
      await page.locator('video').evaluate((video, value) => {
        video.style.objectFit = value;
        video.dispatchEvent(new Event('resize'));
      }, fit);
      point(0.6, 0.4);
      await seenCursor(page, {
        x: box.x + box.width / 2 + 0.1 * width,
        y: box.y + 0.4 * box.height,
      });
    }
    await page.context().close();
  });

  test('takes no clicks, hides when it is nowhere, when the picture rests and when the host goes', async () => {
    const page = await watchIn({ viewport: { width: 800, height: 600 } });
    const cursor = page.getByTestId('cursor');
    point(0.5, 0.5);
    await cursor.waitFor({ state: 'visible' });
    const isHit = await cursor.evaluate((image) => {
      const { x, y, width, height } = image.getBoundingClientRect();
      return document.elementFromPoint(x + width / 2, y + height / 2) === image;
    });
    expect(isHit).toBe(false);

    point(0.5, 0.5, false);
    await cursor.waitFor({ state: 'hidden' });
    point(0.5, 0.5);
    await cursor.waitFor({ state: 'visible' });
    await page.getByTestId('pause').click();
    await cursor.waitFor({ state: 'hidden' });
    await page.getByTestId('pause').click();
    await cursor.waitFor({ state: 'visible' });
    host.socket.close();
    await cursor.waitFor({ state: 'hidden' });
    await page.context().close();
  });

  test('follows 30 places a second, and gets there', async () => {
    const page = await watchIn({ viewport: { width: 800, height: 600 } });
    const picture = await seenPicture(page);
    await page.evaluate(() => {
      const image = document.querySelector('.cursor');
      if (image === null) throw new Error('no cursor');
      const seen = new Set<string>();
      Object.assign(window, { seenCursorPlaces: seen });
      const look = () => {
        seen.add(getComputedStyle(image).transform);
        requestAnimationFrame(look);
      };
      look();
    });
    const pace = setInterval(1000 / 30)[Symbol.asyncIterator]();
    for (let step = 0; step <= 60; step += 1) {
      point(0.1 + step / 75, 0.5);
      await pace.next();
    }
    await seenCursor(page, {
      x: picture.x + 0.9 * picture.width,
      y: picture.y + 0.5 * picture.height,
    });
    const drawn = await page.evaluate(
      () => (window as unknown as { seenCursorPlaces: Set<string> }).seenCursorPlaces.size,
    );
    expect(drawn).toBeGreaterThan(40);
    await page.context().close();
  });
});

function middle({ x, y, width, height }: Area): readonly [number, number] {
  return [x + width / 2, y + height / 2];
}
