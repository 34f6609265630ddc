import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { HostProcess } from '../../support/host/host-process.ts';
import { SEEN } from '../../support/stage/desktop-stage.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const ROOM = `canvas-${randomBytes(4).toString('hex')}`;
const PATIENCE = { timeoutMs: 30_000 };

describe('the watch page while it plays over WebSocket', () => {
  let gateway: GatewayProcess;
  let browser: TestBrowser;
  let cube: HostProcess;

  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    browser = await openTestBrowser();
    const CS_TOKEN = gateway.token({ sub: 'cube', room: ROOM, can: ['host', 'publish'] });
    const where = ['--gateway', gateway.url, '--room', ROOM, '--source', 'cube'];
    cube = new HostProcess(where, { CS_TOKEN });
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

  const watch = async (): Promise<Page> => {
    const token = gateway.token({ sub: 'viewer', room: ROOM, can: ['watch'] });
    const page = await browser.open(`${gateway.url}/watch/${ROOM}?mode=websocket#token=${token}`);
    await page.locator('[data-testid="watch"][data-mode="websocket"]').waitFor();
    await waitForMovingPicture(page, { selector: SEEN, ...PATIENCE });
    return page;
  };

  test('[MEDIA-108] floats what the canvas shows, and brings it back', async () => {
    const page = await watch();
    const floats = (isFloating: boolean) =>
      page.waitForFunction(
        (wanted) => (document.pictureInPictureElement !== null) === wanted,
        isFloating,
      );
    await page.getByTestId('pip').click();
    await floats(true);
    const next = () =>
      page.evaluate(async () => {
        const video = document.pictureInPictureElement;
        if (!(video instanceof HTMLVideoElement)) throw new Error('nothing floats');
        await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
        return [video.videoWidth, video.videoHeight];
      });
    await next();
    expect(await next()).toEqual([640, 360]);
    await page.getByTestId('pip').click();
    await floats(false);
    await waitForMovingPicture(page, { selector: SEEN, ...PATIENCE });
  });

  test('[MEDIA-109] tells all that it knows of the picture and the way it came', async () => {
    const page = await watch();
    await page.getByTestId('figures-toggle').click();
    const list = page.getByTestId('figures').locator('.figures').first();
    const read = () =>
      list.evaluate((rows) => {
        const texts = (tag: string) =>
          [...rows.querySelectorAll(tag)].map((row) => row.textContent);
        const values = texts('dd');
        return Object.fromEntries(texts('dt').map((name, at) => [name, values[at] ?? '']));
      });
    const wanted = {
      Way: /^WebSocket$/,
      // A busy machine has a smaller one.
      Picture: /^[1-9]\d+ × [1-9]\d+$/,
      'Frames per second': /^[1-9]\d*$/,
      Bitrate: /^[1-9][\d.]* [kM]bit\/s$/,
      Formats: /^(H264|JPEG)/,
      'Delay, estimated': /^\d+ ms$/,
      Freezes: /^\d+$/,
      'Frames dropped': /^\d+$/,
    };
    const figures = await waitFor(
      async () => {
        const told = await read();
        const isWhole = Object.entries(wanted).every(([name, value]) =>
          value.test(told[name] ?? ''),
        );
        return isWhole && told;
      },
      { ...PATIENCE, what: 'all figures' },
    );
    expect(Object.keys(figures)).toEqual(Object.keys(wanted));
    await page.getByTestId('way-reason').getByText('asked to play over WebSocket').waitFor();
    // WebRTC was not tried: nothing of its way is missing.
    expect(await page.getByTestId('diary').count()).toBe(0);
  });
});
