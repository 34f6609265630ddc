import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openPageServer, type PageServer } from '../../support/browser/page-server.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { encodeClip, type EncodedClip } from '../../support/media/encoded-clip.ts';
import { MediaStage } from '../../support/media/media-stage.ts';
import { openPlayer } from '../../support/media/player-page.ts';
import { listenIn, readLoudness, watchFlash } from '../../support/media/sync-flashes.ts';
import { TcpRelay } from '../../support/net/tcp-relay.ts';
import { waitFor } from '../../support/wait-for.ts';

let pages: PageServer;
let browser: TestBrowser;
let clip: EncodedClip;
let stage: MediaStage;

beforeAll(async () => {
  [pages, browser, clip] = await Promise.all([
    openPageServer(),
    openTestBrowser(),
    encodeClip({ codec: 'h264', width: 640, height: 360, rowHeight: 120 }),
  ]);
});

afterEach(async () => {
  for (const page of browser.context.pages()) await page.close();
  await stage.close();
});

afterAll(async () => {
  await browser.close();
  await pages.close();
  expect(browser.pageErrors).toEqual([]);
});

async function play(options: { readonly prepare?: (page: Page) => Promise<unknown> } = {}) {
  stage = await MediaStage.open(clip);
  return await openPlayer({ browser, pages }, { url: stage.url, ...options });
}

const WORKER = /stripes-worker/;

const waitForState = (page: Page, state: string): Promise<unknown> =>
  waitFor(async () => (await page.evaluate(() => window.player?.state.value.kind)) === state, {
    timeoutMs: 30_000,
    what: `state ${state}`,
  });

const wishes = () => stage.viewer.messages.filter(({ type }) => type === 'media/want');

const FLASHES = 7;

const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

describe('sound', () => {
  test('[MEDIA-74] sound is heard within 80 ms of its picture', async ({ annotate }) => {
    const page = await play({ prepare: listenIn });
    await waitForState(page, 'live');
    await waitFor(async () => (await readLoudness(page)) > 0.3, {
      timeoutMs: 30_000,
      what: 'a tone',
    });
    const lateMs: number[] = [];
    await waitFor(
      async () => {
        const { whiteAtMs, loudAtMs, outputMs } = await watchFlash(page);
        lateMs.push(Math.round(loudAtMs + outputMs - whiteAtMs));
        return lateMs.length >= FLASHES && Math.abs(medianOf(lateMs.slice(-FLASHES))) <= 80;
      },
      { timeoutMs: 60_000, what: 'flashes with their tones within 80 ms' },
    );
    await annotate(`sound after picture at the loudspeaker, ms: ${lateMs.join(' ')}`);
  });

  test('[MEDIA-75] what nobody hears is not sent', async () => {
    const page = await play();
    await waitForState(page, 'live');
    await waitFor(() => stage.viewer.soundsSent > 20, { what: 'sound' });
    await page.evaluate(() => window.player?.sound.set({ volume: 1, muted: true }));
    await waitFor(() => wishes().length > 0, { what: 'a wish' });
    expect(wishes()).toEqual([{ type: 'media/want', picture: true, sound: false }]);
    await page.evaluate(() => window.player?.sound.set({ volume: 0.5, muted: false }));
    await waitFor(() => wishes().length > 1, { what: 'another wish' });
    expect(wishes()[1]).toEqual({ type: 'media/want', picture: true, sound: true });
  });
});

describe('a page that is not seen', () => {
  test('[MEDIA-76] wants no picture after a while, and one at once when it is seen', async () => {
    const page = await play();
    await waitForState(page, 'live');
    const setVisibility = (state: 'hidden' | 'visible') =>
      page.evaluate((now) => {
        Object.defineProperty(document, 'visibilityState', { value: now, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await setVisibility('hidden');
    await waitFor(() => wishes().length > 0, { timeoutMs: 30_000, what: 'a wish' });
    expect(wishes()).toEqual([{ type: 'media/want', picture: false, sound: true }]);
    await setVisibility('visible');
    await waitFor(() => wishes().length > 1, { what: 'another wish' });
    expect(wishes()[1]).toEqual({ type: 'media/want', picture: true, sound: true });
    const before = stage.viewer.painted.length;
    await waitFor(() => stage.viewer.painted.length > before + 10, {
      timeoutMs: 30_000,
      what: 'pictures again',
    });
  });

  test('[MEDIA-77] floats its picture over other windows, and wants it while it does', async () => {
    const page = await play();
    await waitForState(page, 'live');
    await page.evaluate(() => {
      const button = document.createElement('button');
      button.onclick = () => {
        void window.player?.togglePictureInPicture().then((done) => {
          button.textContent = String(done);
        });
      };
      button.textContent = 'float';
      document.body.append(button);
    });
    await page.click('button');
    await waitFor(() => page.evaluate(() => window.player?.isFloating.value), {
      timeoutMs: 30_000,
      what: 'a floating picture',
    });
    const size = await page.evaluate(() => {
      const video = document.pictureInPictureElement as HTMLVideoElement | null;
      return [video?.videoWidth, video?.videoHeight];
    });
    expect(size).toEqual([640, 360]);
    await page.evaluate(() => document.exitPictureInPicture());
    await waitFor(() => page.evaluate(() => window.player?.isFloating.value === false), {
      what: 'the end of it',
    });
  });
});

describe('without its worker', () => {
  test.each([
    ['cannot be loaded', (page: Page) => page.route(WORKER, (route) => route.abort())],
    ['never comes', (page: Page) => page.route(WORKER, () => undefined)],
  ] as const)('[MEDIA-70] it plays in the page: the module %s', async (_, prepare) => {
    const page = await play({ prepare });
    await waitForState(page, 'live');
    await waitFor(() => stage.viewer.painted.length > 30, {
      timeoutMs: 30_000,
      what: '30 receipts',
    });
    await page.evaluate(() => window.player?.close());
    await waitFor(() => !stage.viewer.isOpen, { what: 'a goodbye' });
  });
});

describe('connections', () => {
  test('[MEDIA-78] comes again when the server does', async () => {
    const page = await play();
    await waitForState(page, 'live');
    await stage.close();
    await waitForState(page, 'reconnecting');
    await stage.listen();
    await waitForState(page, 'live');
    expect(stage.viewers).toHaveLength(2);
  });

  test('[MEDIA-78] comes again after a connection that nothing gets through any more', async () => {
    stage = await MediaStage.open(clip);
    const relay = await TcpRelay.open(stage.port);
    onTestFinished(() => relay.close());
    const url = stage.url.replace(String(stage.port), String(relay.port));
    const page = await openPlayer({ browser, pages }, { url });
    await waitForState(page, 'live');
    void relay.hold('nothing');
    await waitForState(page, 'reconnecting');
    relay.release();
    await waitForState(page, 'live');
    expect(stage.viewers.length).toBeGreaterThan(1);
  });

  test('[MEDIA-79] waits for a publisher on the same connection', async () => {
    const page = await play();
    await waitForState(page, 'live');
    stage.setPublishing(false);
    await waitForState(page, 'waiting');
    stage.setPublishing(true);
    await waitForState(page, 'live');
    expect(stage.viewers).toHaveLength(1);
  });

  test('[MEDIA-80] a connection that is closed for good fails with the sentence for it', async () => {
    const page = await play();
    await waitForState(page, 'live');
    stage.viewer.close(4401, 'An administrator ended this.');
    await waitForState(page, 'failed');
    const problem = await page.evaluate(() => {
      const state = window.player?.state.value;
      return state?.kind === 'failed' ? state.problem : null;
    });
    expect(problem).toMatchObject({ code: 'dismissed', detail: 'An administrator ended this.' });
    await page.evaluate(() => window.player?.start());
    expect(stage.viewers).toHaveLength(1);
  });
});
