import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openPageServer, type PageServer } from '../../support/browser/page-server.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { encodeClip, type EncodedClip } from '../../support/media/encoded-clip.ts';
import { MediaStage } from '../../support/media/media-stage.ts';
import { openPlayer, readPixel } from '../../support/media/player-page.ts';
import { waitFor } from '../../support/wait-for.ts';

let pages: PageServer;
let browser: TestBrowser;
let jpeg: EncodedClip;
let h264: EncodedClip;
let stage: MediaStage | undefined;

beforeAll(async () => {
  const size = { width: 640, height: 360, rowHeight: 120 };
  [pages, browser, jpeg, h264] = await Promise.all([
    openPageServer(),
    openTestBrowser(),
    encodeClip({ codec: 'jpeg', ...size }),
    encodeClip({ codec: 'h264', ...size }),
  ]);
});

afterEach(async () => {
  for (const page of browser.context.pages()) await page.close();
  await stage?.close();
  stage = undefined;
});

afterAll(async () => {
  await browser.close();
  await pages.close();
  expect(browser.pageErrors).toEqual([]);
});

const play = (url: string, thread: 'worker' | 'page' = 'worker'): Promise<Page> =>
  openPlayer({ browser, pages }, { url, thread });

const stateOf = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => window.player?.state.value.kind);

const waitForState = (page: Page, state: string): Promise<unknown> =>
  waitFor(async () => (await stateOf(page)) === state, {
    timeoutMs: 30_000,
    what: `state ${state}`,
  });

/** Each row is white in a flash and something else between: all of them are alive. */
async function seesAllRows(page: Page, rows: number): Promise<void> {
  for (let row = 0; row < rows; row += 1) {
    const brightness = async (): Promise<number> =>
      Math.min(...(await readPixel(page, 0.02, (row + 0.5) / rows)));
    for (const isWhite of [true, false]) {
      await waitFor(async () => (await brightness()) > 220 === isWhite, {
        timeoutMs: 30_000,
        what: `row ${row} ${isWhite ? 'to flash' : 'to move on'}`,
      });
    }
  }
}

describe('pictures', () => {
  test.each(['worker', 'page'] as const)(
    '[MEDIA-70] rows of JPEG are decoded and painted, each with a receipt (%s)',
    async (thread) => {
      stage = await MediaStage.open(jpeg);
      const page = await play(stage.url, thread);
      await waitForState(page, 'live');
      expect(await page.evaluate(() => window.player?.size.value)).toEqual({
        width: 640,
        height: 360,
      });
      await seesAllRows(page, 3);
      const { viewer } = stage;
      await waitFor(() => viewer.painted.length > 30, { timeoutMs: 30_000, what: '30 receipts' });
      expect(viewer.protocols).toEqual(['pixelcast.media.watch.v1', 'pixelcast.token.a-token']);
    },
  );

  test.each(['worker', 'page'] as const)(
    '[MEDIA-71] rows of H.264 have a decoder each (%s)',
    async (thread) => {
      // The number of a picture goes round while it plays.
      stage = await MediaStage.open(h264, 2 ** 32 - 150);
      const page = await play(stage.url, thread);
      await waitForState(page, 'live');
      await seesAllRows(page, 3);
      const { viewer } = stage;
      const before = viewer.painted.findIndex((frame) => frame > 2 ** 31);
      await waitFor(() => viewer.painted.slice(before).some((frame) => frame < 100), {
        timeoutMs: 30_000,
        what: 'receipts beyond the last number',
      });
      expect(before).toBe(0);
      expect(viewer.messages).toEqual([]);
    },
  );

  test('[MEDIA-72] another size, partition or codec begins anew without a gap', async () => {
    stage = await MediaStage.open(jpeg);
    const page = await play(stage.url);
    await waitForState(page, 'live');
    const whole = await encodeClip({ codec: 'h264', width: 480, height: 270, rowHeight: 270 });
    for (const [clip, rows] of [
      [whole, 1],
      [h264, 3],
      [jpeg, 3],
    ] as const) {
      stage.setClip(clip);
      await waitFor(
        () =>
          page.evaluate(
            ([width, codec]) =>
              window.player
                ?.stats()
                .then((stats) => stats?.width === width && stats.videoCodec === codec),
            [clip.width, clip.codec === 'jpeg' ? 'JPEG' : 'H264'] as const,
          ),
        { timeoutMs: 30_000, what: `${clip.codec} at ${clip.width}` },
      );
      await seesAllRows(page, rows);
    }
    const states = await page.evaluate(() => window.states ?? []);
    expect(states.slice(states.indexOf('live'))).toEqual(['live']);
  });

  test.each(['jpeg', 'h264'] as const)(
    '[MEDIA-73] after a stripe that cannot be decoded it asks for keys, and plays on (%s)',
    async (codec) => {
      stage = await MediaStage.open(codec === 'jpeg' ? jpeg : h264);
      const page = await play(stage.url);
      await waitForState(page, 'live');
      stage.spoil = (payload) => payload.map((byte, n) => (n < 5 ? byte : byte ^ 0x5a));
      const { viewer } = stage;
      await waitFor(() => viewer.messages.some(({ type }) => type === 'media/key'), {
        timeoutMs: 30_000,
        what: 'a wish for keys',
      });
      stage.spoil = null;
      const before = viewer.painted.length;
      await waitFor(() => viewer.painted.length > before + 20, {
        timeoutMs: 30_000,
        what: 'more pictures',
      });
      await seesAllRows(page, 3);
      expect(await stateOf(page)).toBe('live');
    },
  );

  test('[MEDIA-81] a page that stands still does not hold its pictures up', async () => {
    stage = await MediaStage.open(h264);
    const page = await play(stage.url);
    await waitForState(page, 'live');
    const { viewer } = stage;
    const during = page.evaluate(() => {
      const endAt = performance.now() + 1_500;
      while (performance.now() < endAt);
    });
    const before = viewer.painted.length;
    await waitFor(() => viewer.painted.length > before + 10, { what: 'receipts meanwhile' });
    await during;
    await seesAllRows(page, 3);
  });
});
