import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { createApi } from '../../../gateway/protocol/api/client.ts';
import {
  getRecording,
  linkRecording,
  startRecording,
  stopRecording,
  type RecordingView,
} from '../../../gateway/protocol/api/recordings.ts';
import { framesSent, publishChanging } from '../../support/browser/changing-publisher.ts';
import { findBarriers } from '../../support/browser/axe.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { aHost, openSocket, viewerProtocols } from '../../support/gateway/test-socket.ts';
import { fitsScreen } from '../../support/stage/console-stage.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const ROOM = `rec-${randomBytes(4).toString('hex')}`;
let gateway: GatewayProcess;
let browser: TestBrowser;
let token: string;
let recording: RecordingView;
const api = () => createApi({ baseUrl: gateway.url, fetch, token });

/** Somebody controls a host of the recorded source and clicks in the middle. */
async function click(): Promise<void> {
  const tokenOf = (sub: string, can: ('host' | 'watch' | 'control')[]) =>
    gateway.token({ sub, room: ROOM, can });
  const host = await aHost(gateway.url, {
    path: `/ws/host/${ROOM}`,
    token: tokenOf('host', ['host']),
    capabilities: { devices: ['pointer', 'keyboard'] },
  });
  const viewer = await openSocket(gateway.url, `/ws/control/${ROOM}`, {
    protocols: viewerProtocols(tokenOf('carla', ['watch', 'control'])),
  });
  viewer.say({ type: 'viewer/watching', source: 'main', session: null, name: 'Carla' });
  await viewer.hears('control/welcome');
  viewer.say({ type: 'control/request', id: 'w1', devices: ['pointer', 'keyboard'] });
  await viewer.hears('control/answer');
  const leases = (
    await host.hearsSuch('control/leases', ({ leases: given }) =>
      Object.values(given as object).some((epoch) => epoch !== null),
    )
  )['leases'] as { pointer: number };
  const held = { keys: [{ code: 'KeyQ', keysym: 113 }], buttons: 1, touches: [], gamepads: [] };
  viewer.say({
    ...{ type: 'input/frame', epoch: leases.pointer, sequence: 1, at: 0, eventsBefore: 0 },
    ...{ pointer: { x: 0.25, y: 0.75 }, held },
    events: [
      { type: 'button', button: 0, down: true },
      { type: 'key', code: 'KeyQ', keysym: 113, down: true },
    ],
  });
  await host.hears('input/frame');
}

beforeAll(async () => {
  gateway = await GatewayProcess.start({ RECORDING: 'on-demand', RECORDINGS_MIN_FREE_GB: '0' });
  browser = await openTestBrowser();
  token = gateway.token({ sub: 'olga', room: ROOM, can: ['operate'] });
});

/** Sockets of tests end with them: within one. */
async function record(): Promise<RecordingView> {
  const page = await browser.open(`${gateway.url}/`);
  const publish = gateway.token({ sub: 'paula', room: ROOM, can: ['publish'] });
  await publishChanging(page, `${gateway.url}/whip/${ROOM}`, publish);
  const { id } = await api().call(startRecording, { params: { room: ROOM }, body: {} });
  const sent = (frames: number) =>
    waitFor(async () => (await framesSent(page)) > frames, {
      timeoutMs: 60_000,
      what: `${frames} frames`,
    });
  await sent(60);
  await click();
  await sent(160);
  await api().call(stopRecording, { params: { id } });
  await page.close();
  return await waitFor(
    async () => {
      const now = await api().call(getRecording, { params: { id } });
      return now.state === 'ready' ? now : null;
    },
    { timeoutMs: 60_000, what: 'the recording to be ready' },
  );
}
afterAll(async () => {
  await browser.close();
  await gateway.close();
});

const open = (path: string, by = token): Promise<Page> =>
  browser.open(`${gateway.url}${path}#token=${by}`);

const state = (page: Page, testId: string): Promise<string | null> =>
  page.getByTestId(testId).first().getAttribute('data-state');

describe('the pages of recordings', () => {
  test('[REC-71] the list has it with its picture, and search finds it', async () => {
    recording = await record();
    const page = await open('/recordings');
    const card = page.getByTestId('recording');
    await card.waitFor();
    expect(await state(page, 'state')).toBe('ready');
    const image = card.locator('img');
    await waitFor(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth > 0), {
      what: 'the thumbnail',
    });
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await fitsScreen(page);
      expect(await findBarriers(page)).toEqual([]);
    }
    await page.getByTestId('search').fill('no-such-room');
    await waitFor(async () => (await card.count()) === 0, { what: 'an empty list' });
    await page.getByTestId('search').fill(ROOM.slice(4));
    await card.waitFor();
    await page.close();
  });

  test.each([1280, 390])(
    '[REC-72] at %s px it plays to its end, what was clicked over the picture',
    async (width) => {
      const page = await open(`/recordings/${recording.id}`);
      await page.setViewportSize({ width, height: 720 });
      await page.getByTestId('theatre').waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide).toBeLessThanOrEqual(width);
      expect(await findBarriers(page)).toEqual([]);
      await page.getByTestId('play').click();
      await page.getByTestId('journal-click').waitFor({ timeout: 60_000 });
      expect(await page.getByTestId('journal-holders').textContent()).toContain('Carla');
      expect(await page.getByTestId('journal-keys').textContent()).not.toContain('Q');
      const place = await page.getByTestId('journal-click').evaluate((mark) => {
        const video = document.querySelector('video');
        if (video === null) return null;
        const [at, box] = [mark.getBoundingClientRect(), video.getBoundingClientRect()];
        const scale = Math.min(box.width / video.videoWidth, box.height / video.videoHeight);
        const fromMiddle = (one: number, other: number, pixels: number) =>
          0.5 + (one - other) / (pixels * scale);
        return {
          x: fromMiddle(at.x + at.width / 2, box.x + box.width / 2, video.videoWidth),
          y: fromMiddle(at.y + at.height / 2, box.y + box.height / 2, video.videoHeight),
        };
      });
      expect(place?.x).toBeCloseTo(0.25, 2);
      expect(place?.y).toBeCloseTo(0.75, 2);
      await waitFor(
        async () => (await page.getByTestId('theatre').getAttribute('data-ended')) === 'true',
        { timeoutMs: 60_000, what: 'its end' },
      );
      await page.close();
    },
  );

  test('[REC-73] it is downloaded as a file', async () => {
    const page = await open(`/recordings/${recording.id}`);
    const download = page.waitForEvent('download');
    await page.getByTestId('download').click();
    expect((await download).suggestedFilename()).toMatch(/^rec-.*\.mp4$/);
    await page.close();
  });

  test('[REC-74] who may only watch is refused, and a link of another recording is worth nothing', async () => {
    const viewer = gateway.token({ sub: 'vera', room: ROOM, can: ['watch'] });
    const page = await open('/recordings', viewer);
    await waitFor(async () => (await state(page, 'recordings')) === 'failed', {
      what: 'the refusal',
    });
    expect(await page.getByTestId('recording').count()).toBe(0);
    await page.close();
    const { parts } = await api().call(linkRecording, {
      params: { id: recording.id },
      body: { ttlSeconds: 60 },
    });
    const url = new URL(parts[0]?.url ?? '', gateway.url);
    url.searchParams.set('ticket', `${url.searchParams.get('ticket')}x`);
    expect((await fetch(url)).status).toBe(401);
    for (const path of ['../recording.json', '..%2f..%2frecordings.db', '%2e%2e/journal.jsonl']) {
      const reply = await fetch(`${gateway.url}/api/v1/recordings/${recording.id}/parts/${path}`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      expect(reply.status, path).toBeGreaterThanOrEqual(400);
    }
  });

  test('[REC-75] it is deleted once that is confirmed', async () => {
    const page = await open(`/recordings/${recording.id}`);
    await page.getByTestId('delete').click();
    await page.getByTestId('delete-really').click();
    await page.waitForURL('**/recordings#**');
    const card = page.getByTestId('recording');
    await waitFor(async () => (await state(page, 'recordings')) === 'ready', { what: 'the list' });
    expect(await card.count()).toBe(0);
    await page.close();
  });
});
