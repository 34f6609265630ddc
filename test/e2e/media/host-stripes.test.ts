import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PictureHeld } from '../../../web/core/picture-codes.ts';
import { heardSound, meterSound } from '../../support/browser/heard-sound.ts';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { installPictureReader, readHeld } from '../../support/browser/picture-reader.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { HostProcess } from '../../support/host/host-process.ts';
import { SEEN } from '../../support/stage/desktop-stage.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const PATIENCE = { timeoutMs: 60_000 };

describe('a cube that is watched over WebSocket', () => {
  let gateway: GatewayProcess;
  let host: HostProcess | null = null;
  let browser: TestBrowser | null = null;
  beforeAll(async () => {
    gateway = await GatewayProcess.start();
  });
  afterEach(async () => {
    await browser?.close();
    expect(browser?.pageErrors ?? []).toEqual([]);
    expect(await host?.close(), host?.output).toBe(0);
    [host, browser] = [null, null];
  });
  afterAll(() => gateway.close());

  /** Starts a host and waits until it publishes; resolves with the addresses of its watch page. */
  const publish = async (
    argv: readonly string[],
    settings: Readonly<Record<string, string>> = {},
  ): Promise<(mode: string) => string> => {
    const room = `stripes-${randomBytes(4).toString('hex')}`;
    const CS_TOKEN = gateway.token({ sub: 'cube', room, can: ['host', 'publish'] });
    const where = ['--gateway', gateway.url, '--room', room];
    host = new HostProcess([...where, ...argv], { CS_TOKEN, ...settings });
    await host.live();
    return (mode) => {
      const token = gateway.token({ sub: mode, room, can: ['watch', 'control'] });
      return `${gateway.url}/watch/${room}?mode=${mode}#token=${token}`;
    };
  };
  const open = async (address: string): Promise<Page> => {
    browser ??= await openTestBrowser();
    const page = await browser.open(address);
    await page.locator('[data-testid="watch"][data-mode]').waitFor();
    return page;
  };
  const shows = (page: Page, wanted: Partial<PictureHeld>) =>
    waitFor(
      async () => {
        const held = await readHeld(page, SEEN);
        return (
          held !== null &&
          Object.entries(wanted).every(([key, value]) => held[key as keyof PictureHeld] === value)
        );
      },
      { ...PATIENCE, what: JSON.stringify(wanted) },
    );

  test('[MEDIA-65] it is one cube for viewers of both modes, whoever of them drives', async () => {
    const watch = await publish([], { CS_FPS: '30' });
    const pages = [await open(watch('websocket')), await open(watch('webrtc'))] as const;
    for (const page of pages) await waitForMovingPicture(page, { selector: SEEN, ...PATIENCE });
    for (const [at, driver] of pages.entries()) {
      await driver.bringToFront();
      await driver.getByTestId('drive').click();
      await driver
        .locator('[data-testid="control-status"][data-standing="driving"]')
        .waitFor({ timeout: PATIENCE.timeoutMs });
      await driver.mouse.move(640, 340);
      await driver.mouse.down();
      await driver.keyboard.down(['g', 'h'][at] ?? '');
      const lastKey = 0x67 + at;
      for (const page of pages) await shows(page, { buttons: 1, keys: 1, lastKey });
      await driver.mouse.up();
      await driver.keyboard.up(['g', 'h'][at] ?? '');
      for (const page of pages) await shows(page, { buttons: 0, keys: 0, lastKey });
      await driver.getByTestId('drive').click();
    }
  });

  test('[MEDIA-107] where the browser withholds sound, Unmute brings it', async () => {
    const watch = await publish(['--mode', 'websocket']);
    browser = await openTestBrowser({ autoplay: 'as-the-browser-does' });
    await meterSound(browser.context);
    await browser.context.addInitScript(() => {
      setInterval(() => {
        const button = document.querySelector('[data-testid="unmute"]')?.getBoundingClientRect();
        if (button !== undefined) console.log('unmute', button.x + 4, button.y + 4);
      }, 200);
    });
    // Whatever Playwright evaluates is a gesture for Chromium: until the click the page is only heard.
    const page = await browser.context.newPage();
    let place: readonly number[] | null = null;
    page.on('console', (line) => {
      const [what, ...at] = line.text().split(' ');
      if (what === 'unmute') place = at.map(Number);
    });
    await page.goto(watch('websocket'));
    await waitFor(() => place, { ...PATIENCE, what: 'the button' });
    const isHeard = async (): Promise<boolean> => {
      // It moves while the page comes together.
      const [x = 0, y = 0] = place ?? [];
      if (place !== null) await page.mouse.click(x, y);
      place = null;
      return Math.abs((await heardSound(page)).peakHz - 440) < 30;
    };
    await waitFor(isHeard, { ...PATIENCE, everyMs: 500, what: 'the tone' });
    await page.getByTestId('unmute').waitFor({ state: 'detached' });
  });

  test('[MEDIA-68] a picture of 3840 x 2160 goes the whole way', async () => {
    const watch = await publish(['--mode', 'websocket'], {
      ...{ CS_WIDTH: '3840', CS_HEIGHT: '2160', CS_FPS: '5', CS_BITRATE_KBPS: '8000' },
    });
    const page = await open(watch('websocket'));
    await installPictureReader(page);
    const frames = new Set<number>();
    await waitFor(
      async () => {
        const frame = await page.evaluate((wanted) => {
          const seen = document.querySelector<HTMLCanvasElement>(wanted);
          if (seen?.width !== 3840 || seen.height !== 2160) return undefined;
          return window.pictureReader?.codes(seen).time?.frame;
        }, SEEN);
        if (frame !== undefined) frames.add(frame);
        return frames.size >= 3;
      },
      { ...PATIENCE, what: 'three pictures of this size, each with its time' },
    );
  });
});
