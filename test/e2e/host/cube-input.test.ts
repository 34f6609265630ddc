import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { readHeld } from '../../support/browser/picture-reader.ts';
import { readTimeCode } from '../../support/browser/time-code.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { HostProcess } from '../../support/host/host-process.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { PictureHeld } from '../../../web/core/picture-codes.ts';

const VIDEO = '[data-testid="video"]';
const ROOM = 'cube-input';
const NOTHING = { buttons: 0, touches: 0, keys: 0, padButtons: 0, isTilted: false };

describe('the cube under a viewer’s hand', () => {
  let gateway: GatewayProcess;
  let browser: TestBrowser;
  let cube: HostProcess;
  let page: Page;

  const shows = (wanted: Partial<PictureHeld>, what: string, timeoutMs = 15_000) =>
    waitFor(
      async () => {
        const held = await readHeld(page, VIDEO);
        return (
          held !== null &&
          Object.entries(wanted).every(([key, value]) => held[key as keyof PictureHeld] === value)
        );
      },
      { timeoutMs, what },
    );

  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    browser = await openTestBrowser();
    const CS_TOKEN = gateway.token({ sub: 'cube', room: ROOM, can: ['host', 'publish'] });
    const settings = { CS_TOKEN, CS_FPS: '30', CS_BITRATE_KBPS: '1500' };
    cube = new HostProcess(['--gateway', gateway.url, '--room', ROOM], settings);
    await cube.live();
    const token = gateway.token({ sub: 'anna', room: ROOM, can: ['watch', 'control'] });
    page = await browser.open(`${gateway.url}/watch/${ROOM}#token=${token}`);
    await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 30_000 });
    await page.getByTestId('drive').click();
    await waitFor(
      async () =>
        (await page.getByTestId('control-status').getAttribute('data-standing')) === 'driving',
      { timeoutMs: 15_000, what: 'the page to drive' },
    );
    const box = await page.locator(VIDEO).boundingBox();
    if (box === null) throw new Error('no video');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  });
  afterAll(async () => {
    await browser.close();
    expect(browser.pageErrors).toEqual([]);
    expect(await cube.close(), cube.output).toBe(0);
    await gateway.close();
  });

  test('shows buttons and keys while they are held, and nothing once they are let go', async () => {
    await page.mouse.down();
    await shows({ buttons: 1 }, 'the left button');
    await page.mouse.up();
    await shows(NOTHING, 'no button');
    await page.keyboard.down('g');
    await page.keyboard.down('h');
    await shows({ keys: 2, lastKey: 0x68 }, 'two keys');
    await page.keyboard.up('g');
    await page.keyboard.up('h');
    await shows({ ...NOTHING, lastKey: 0x68 }, 'no key');
  });

  test('shows again what is still held when the media process is another one, and lets it go', async () => {
    await page.mouse.down();
    await page.keyboard.down('k');
    await shows({ buttons: 1, keys: 1 }, 'what is held');
    process.kill(cube.mediaPid ?? 0, 'SIGKILL');
    const killedAtMs = Date.now();
    await waitFor(async () => ((await readTimeCode(page, VIDEO))?.paintedAtMs ?? 0) > killedAtMs, {
      timeoutMs: 20_000,
      what: 'the cube of another process',
    });
    await shows({ buttons: 1, keys: 1, lastKey: 0x6b }, 'what is held in the new cube');
    await page.keyboard.up('k');
    await page.mouse.up();
    await shows(NOTHING, 'nothing held');
  });

  test('lets go of everything when the page closes without a word', async () => {
    // A page that joins the new session takes no input meanwhile.
    await waitFor(
      async () => {
        await page.mouse.up();
        await page.keyboard.up('w');
        await page.mouse.down();
        await page.keyboard.down('w');
        return shows({ buttons: 1, keys: 1 }, 'what is held', 2_000);
      },
      { timeoutMs: 30_000, what: 'something to be held' },
    );
    const closing = page;
    const token = gateway.token({ sub: 'ben', room: ROOM, can: ['watch'] });
    page = await browser.open(`${gateway.url}/watch/${ROOM}#token=${token}`);
    await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 30_000 });
    await closing.close();
    await shows(NOTHING, 'nothing held');
  });
});
