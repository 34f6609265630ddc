import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findColour, type Colour } from '../../support/browser/screenshot.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { HostProcess } from '../../support/host/host-process.ts';
import { openVirtualDisplay, type VirtualDisplay } from '../../support/host/virtual-display.ts';
import { X11Hand } from '../../support/host/x11-hand.ts';
import { TcpRelay } from '../../support/net/tcp-relay.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';
import { waitForState } from '../theatre.ts';

const ROOM = 'desktop-cursor';
/** Narrower than the picture of 640 by 360: there are borders at its sides. */
const SCREEN = { width: 800, height: 600 };
const PICTURE_RATIO = 640 / 360;
const MOST_PX = 2.5;
const DOT: Colour = { least: [200, 0, 200], most: [255, 80, 255] };
const SQUARE: Colour = { least: [0, 170, 0], most: [110, 255, 110] };

describe('the cursor of a desktop', () => {
  let gateway: GatewayProcess;
  let browser: TestBrowser;
  let painter: Page;
  let display: VirtualDisplay;
  let hand: X11Hand;
  let relay: TcpRelay;
  let host: HostProcess;
  let page: Page;

  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    relay = await TcpRelay.open(Number(new URL(gateway.url).port));
    display = await openVirtualDisplay(SCREEN);
    hand = await X11Hand.at(display.name);
    hand.wearDot();
    const CS_TOKEN = gateway.token({ sub: 'machine', room: ROOM, can: ['publish', 'host'] });
    const url = `http://127.0.0.1:${relay.port}`;
    host = new HostProcess(
      ['--gateway', url, '--room', ROOM, '--source', 'desktop', '--display', display.name],
      { CS_TOKEN },
    );
    await host.live();
    browser = await openTestBrowser();
    painter = await browser.open('about:blank');
    page = await browser.open(watchUrl());
    await waitForState(page, 'live');
  });
  afterAll(async () => {
    await browser.close();
    expect(await host.close(), host.output).toBe(0);
    hand.close();
    relay.close();
    await display.close();
    expect(await gateway.close()).toBe(0);
  });

  const watchUrl = () =>
    `${gateway.url}/watch/${ROOM}#token=${gateway.token({ sub: 'viewer', room: ROOM, can: ['watch'] })}`;

  const middleOf = async (colour: Colour) => {
    const area = await findColour(page, painter, colour);
    return area && { x: area.x + area.width / 2, y: area.y + area.height / 2 };
  };

  /** The overlay has its middle where the published picture has the middle of the green square. */
  const expectOnSquare = async () => {
    let seen: unknown = null;
    await waitFor(
      async () => {
        const [dot, square] = [await middleOf(DOT), await middleOf(SQUARE)];
        seen = { dot, square };
        if (dot === null || square === null) return false;
        return Math.hypot(dot.x - square.x, dot.y - square.y) < MOST_PX;
      },
      { timeoutMs: 10_000, what: 'the cursor on the square' },
    ).catch((cause: unknown) => {
      throw new Error(`seen: ${JSON.stringify(seen)}`, { cause });
    });
  };

  test.each([
    [400, 300],
    [60, 80],
    [740, 520],
    [123, 477],
  ])('is over what it points at: %d, %d', async (x, y) => {
    hand.showSquare(x, y, 60);
    hand.move(x, y);
    await expectOnSquare();
  });

  test('is as large as it is on the desktop', async () => {
    hand.showSquare(200, 300, 60);
    hand.move(200, 300);
    await expectOnSquare();
    const box = await page.getByTestId('cursor').boundingBox();
    const video = await page.locator('video').boundingBox();
    const natural = await page
      .getByTestId('cursor')
      .evaluate((image: HTMLImageElement) => image.naturalHeight);
    if (box === null || video === null) throw new Error('nothing to measure');
    const pictureHeight = Math.min(video.height, video.width / PICTURE_RATIO);
    const inPicture = Math.max(natural * (pictureHeight / SCREEN.height), Math.min(natural, 16));
    expect(box.height).toBeCloseTo(inPicture, 1);
  });

  test('is told anew when the host comes back, though nothing moved', async () => {
    hand.showSquare(500, 200, 60);
    hand.move(500, 200);
    await expectOnSquare();
    relay.cut();
    await page.getByTestId('cursor').waitFor({ state: 'hidden' });
    await expectOnSquare();
    await page.goto('about:blank');
    await page.goto(watchUrl());
    await waitForState(page, 'live');
    await expectOnSquare();
  });
});
