import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAudioLevel } from '../../support/browser/audio-level.ts';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { readHeld } from '../../support/browser/picture-reader.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import {
  askControlIn,
  endedIn,
  epochIn,
  sendIn,
  startClient,
} from '../../support/direct/client-page.ts';
import { aFrame } from '../../support/host/a-frame.ts';
import { HostProcess } from '../../support/host/host-process.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const ROOM = 'direct-cube';
const VIDEO = 'video';
const within = (what: string) => ({ timeoutMs: 30_000, what });

let gateway: GatewayProcess;
let browser: TestBrowser;
let cube: HostProcess;

beforeAll(async () => {
  gateway = await GatewayProcess.start();
  browser = await openTestBrowser();
  const CS_TOKEN = gateway.token({ sub: 'cube', room: ROOM, can: ['host'] });
  const where = ['--gateway', gateway.url, '--room', ROOM, '--mode', 'direct'];
  cube = new HostProcess(where, { CS_TOKEN });
});
afterAll(async () => {
  await cube.close();
  await browser.close();
  await gateway.close();
});

const open = async (sub: string): Promise<Page> => {
  const page = await browser.open(`${gateway.url}/healthz`);
  const token = gateway.token({ sub, room: ROOM, can: ['watch', 'control'] });
  const url = gateway.url.replace('http', 'ws');
  await page.evaluate(startClient, { url, room: ROOM, token });
  await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 30_000 });
  return page;
};

test('[DIR-53] Chromium gets picture and sound of a host and controls it by data channels, with the lease alone', async () => {
  const [anna, ben] = [await open('anna'), await open('ben')];
  await waitFor(
    async () => (await readAudioLevel(anna, { selector: VIDEO })).rms > 0.005,
    within('the tone'),
  );
  await askControlIn(anna);
  const epoch = await waitFor(() => epochIn(anna), within('the lease'));
  const held = {
    ...{ keys: [{ code: 'KeyG', keysym: 0x67 }], buttons: 0, touches: [], gamepads: [] },
  };
  let sequence = 0;
  const shows = async (from: Page, keys: number): Promise<void> => {
    await waitFor(
      async () => {
        sequence += 1;
        await sendIn(from, aFrame({ epoch, sequence, held }));
        return (await readHeld(ben, VIDEO))?.keys === keys;
      },
      within(`${keys} keys in the picture`),
    );
  };
  await shows(anna, 1);
  // Whoever has no lease moves nothing, and the key goes up for want of frames.
  await shows(ben, 0);
  await anna.close();
  await waitForMovingPicture(ben, { selector: VIDEO, timeoutMs: 30_000 });
  await cube.close();
  await waitFor(async () => (await endedIn(ben)) === 'left', within('the host to have left'));
  expect(browser.pageErrors).toEqual([]);
});
