import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { Action } from '../../../gateway/protocol/grant.ts';
import { findBarriers } from '../../support/browser/axe.ts';
import { fitsScreen, isPainted, isReady, shoot } from '../../support/stage/console-stage.ts';
import { waitFor } from '../../support/wait-for.ts';
import { Theatre, startSharing, waitForState, waitForWay } from '../theatre.ts';

const WAIT = { timeout: 30_000 };

describe('the sign that a room is recorded', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open({ RECORDING: 'on-demand', RECORDINGS_MIN_FREE_GB: '0' });
  });
  afterEach(() => theatre.clear());
  afterAll(() => theatre.close());

  const tokenOf = (sub: string, room: string, can: Action[]): string =>
    theatre.gateway.token({ sub, room, can });
  const open = (path: string, token: string): Promise<Page> =>
    theatre.browser.open(`${theatre.gateway.url}${path}#token=${token}`);
  const operator = (room: string): string => tokenOf('olga', room, ['operate', 'watch']);

  test('[REC-84] everybody sees it from the start to the stop by an operator on the watch page', async () => {
    const room = theatre.newRoom();
    const share = await theatre.share(room);
    const viewer = await theatre.watch(room);
    await waitForState(viewer, 'live');
    expect(await share.getByTestId('record').count()).toBe(0);
    expect(await viewer.getByTestId('record').count()).toBe(0);
    const olga = await open(`/watch/${room}`, operator(room));
    await waitForState(olga, 'live');
    await press(olga, 'Start recording');
    const camera = await open(`/camera/${room}`, tokenOf('carl', room, ['publish']));
    const late = await theatre.watch(room, 'late');
    const pages = [share, viewer, olga, camera, late];
    await Promise.all(pages.map((page) => isSigned(page)));
    for (const [name, page] of [
      ['share', share],
      ['watch', olga],
      ['camera', camera],
    ] as const) {
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 800 });
        await fitsScreen(page);
        await isPainted(page);
        await shoot(page, `recording-${name}-${width}`);
        expect(await findBarriers(page)).toEqual([]);
      }
    }
    await press(olga, 'Stop recording');
    await Promise.all(pages.map((page) => isUnsigned(page)));
    expect(await viewer.getByTestId('recording-status').textContent()).toContain('no longer');
    const list = await open('/recordings', operator(room));
    await waitFor(
      async () => (await list.getByTestId('state').first().getAttribute('data-state')) === 'ready',
      { timeoutMs: 60_000, what: 'the recording to be listed as ready' },
    );
  }, 180_000);

  test('[REC-84] a presenter who may starts it on the share page, and the console ends it', async () => {
    const room = theatre.newRoom();
    const token = tokenOf('paula', room, ['publish', 'watch', 'operate']);
    const share = await open(`/share/${room}`, token);
    await press(share, 'Start recording');
    await says(share, 'Nobody shares here now');
    await startSharing(share);
    const viewer = await theatre.watch(room);
    await waitForState(viewer, 'live');
    await press(share, 'Start recording');
    await Promise.all([share, viewer].map((page) => isSigned(page)));
    const console = await open(`/admin/rooms/${room}`, tokenOf('root', room, ['admin']));
    await isReady(console);
    await isSigned(console);
    await shoot(console, 'recording-room-1280');
    expect(await findBarriers(console)).toEqual([]);
    await press(console, 'Stop recording');
    await Promise.all([share, viewer, console].map((page) => isUnsigned(page)));
    await press(console, 'Start recording');
    await Promise.all([share, viewer, console].map((page) => isSigned(page)));
  }, 120_000);

  test('[REC-79] what comes by WebSocket alone is not recorded, and the pages say so', async () => {
    const room = theatre.newRoom();
    const token = tokenOf('paula', room, ['publish', 'watch', 'operate']);
    const share = await open(`/share/${room}?mode=websocket`, token);
    await share.getByTestId('start').click();
    await waitForState(share, 'live');
    await waitForWay(share, 'websocket');
    await press(share, 'Start recording');
    await says(share, 'cannot be recorded');
    const started = await fetch(`${theatre.gateway.url}/api/v1/rooms/${room}/recordings`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(started.status).toBe(201);
    const viewer = await theatre.watch(room);
    for (const page of [share, viewer]) {
      await isSigned(page);
      await page.getByTestId('recording-why').waitFor(WAIT);
      expect(await page.getByTestId('recording-why').textContent()).toContain('by WebSocket');
    }
    await viewer.setViewportSize({ width: 390, height: 800 });
    await fitsScreen(viewer);
    await isPainted(viewer);
    await shoot(viewer, 'recording-watch-unrecorded-390');
  }, 120_000);
});

const isSigned = (page: Page): Promise<void> => page.getByTestId('recording-sign').waitFor(WAIT);

const isUnsigned = (page: Page): Promise<void> =>
  page.getByTestId('recording-sign').waitFor({ ...WAIT, state: 'detached' });

/** Presses the button once it offers this. */
async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click(WAIT);
}

const says = (page: Page, sentence: string): Promise<void> =>
  page.getByRole('alert').filter({ hasText: sentence }).waitFor(WAIT);
