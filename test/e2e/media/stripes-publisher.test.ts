import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import {
  paintMovingPicture,
  type MovingPictureOptions,
} from '../../support/browser/moving-picture.ts';
import { openPageServer, type PageServer } from '../../support/browser/page-server.ts';
import { publishStripes, publisherStateOf } from '../../support/browser/publisher-page.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { decodeStripes } from '../../support/media/decode.ts';
import { PublisherDesk } from '../../support/media/publisher-desk.ts';
import { waitFor } from '../../support/wait-for.ts';

const WANTED = { picture: 1, sound: 1 };

describe('a page that publishes by WebSocket', () => {
  let pages: PageServer;
  let browser: TestBrowser;
  beforeAll(async () => {
    pages = await openPageServer();
    browser = await openTestBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await pages.close();
  });

  const openPicture = async (picture: Partial<MovingPictureOptions> = {}): Promise<Page> => {
    const page = await browser.open(pages.page('publisher'));
    await paintMovingPicture(page, { width: 640, height: 360, rectangles: 4, ...picture });
    return page;
  };

  test('[MEDIA-110] sends H.264 and Opus that decode, from a key on', async () => {
    const desk = await PublisherDesk.open();
    desk.greets = WANTED;
    const page = await openPicture();
    await publishStripes(page, { url: desk.url });
    const connection = await desk.connection();
    await connection.getsPictures(40);
    await waitFor(() => connection.sound.length > 20, { what: 'packets of sound' });

    expect(connection.protocols).toBe('pixelcast.media.publish.v1, pixelcast.token.a-token');
    expect(connection.problems).toEqual([]);
    const stripes = connection.stripes.slice(0, 40);
    expect(stripes[0]).toMatchObject({ isKey: true, codec: 'h264', width: 640, height: 360, y: 0 });
    expect(stripes.map(({ frame }) => frame)).toEqual(stripes.map((_, place) => place));
    const decoded = await decodeStripes(stripes);
    expect(decoded).toMatchObject({ frames: 40, errors: '' });
    expect(decoded.brightness).toBeGreaterThan(30);
    const ages = stripes.map(({ capturedAtUs }) => Date.now() * 1000 - capturedAtUs);
    expect(Math.min(...ages)).toBeGreaterThan(0);
    expect(Math.max(...ages)).toBeLessThan(60e6);
    await page.close();
  });

  test('[MEDIA-111] encodes while somebody wants it, pictures and sound apart', async () => {
    const desk = await PublisherDesk.open();
    desk.greets = { picture: 0, sound: 0 };
    const page = await openPicture();
    await publishStripes(page, { url: desk.url });
    const connection = await desk.connection();
    await secondsOfFigures(page, 2);
    expect([connection.stripes.length, connection.sound.length]).toEqual([0, 0]);

    connection.say({ type: 'media/demand', picture: 0, sound: 1 });
    await waitFor(() => connection.sound.length > 10, { what: 'sound alone' });
    expect(connection.stripes).toEqual([]);

    connection.say({ type: 'media/demand', picture: 1, sound: 0 });
    await connection.getsPictures(10);
    connection.say({ type: 'media/demand', picture: 0, sound: 0 });
    await waitFor(() => figuresOf(page).then((figures) => figures?.pictureViewers === 0), {
      what: 'the page to know that nobody watches',
    });
    const before = [connection.stripes.length, connection.sound.length];
    await secondsOfFigures(page, 2);
    expect([connection.stripes.length, connection.sound.length]).toEqual(before);

    connection.say({ type: 'media/demand', picture: 1, sound: 0 });
    await waitFor(() => connection.stripes.length > (before[0] ?? 0), { what: 'pictures again' });
    expect(connection.stripes[before[0] ?? 0]?.isKey).toBe(true);
    await waitFor(() => connection.figures.length > 0, { what: 'figures' });
    expect(connection.problems).toEqual([]);
    await page.close();
  });

  test('[MEDIA-112] a still picture is encoded anew for who asks, as a key', async () => {
    const desk = await PublisherDesk.open();
    desk.greets = WANTED;
    const page = await openPicture({ framesPerSecond: 1 / 3600 });
    await publishStripes(page, { url: desk.url });
    await page.evaluate(() => {
      const [track] = window.movingPicture?.stream.getVideoTracks() ?? [];
      (track as CanvasCaptureMediaStreamTrack | undefined)?.requestFrame();
    });
    const connection = await desk.connection();
    await waitFor(() => connection.stripes.filter(({ isRefined }) => isRefined).length === 2, {
      what: 'the still picture to be refined twice',
    });
    const before = connection.stripes.length;
    connection.say({ type: 'media/key' });
    await connection.getsPictures(before + 1);
    expect(connection.stripes[before]).toMatchObject({ isKey: true, isRefined: false });
    expect(await decodeStripes(connection.stripes)).toMatchObject({ errors: '' });
    await page.close();
  });

  test('[MEDIA-121] without an H.264 encoder rows go as JPEG, those that changed', async () => {
    const desk = await PublisherDesk.open();
    desk.greets = WANTED;
    const page = await openPicture({ rectangles: 0 });
    await page.route('**/h264-level.ts', (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        body: 'export const h264CodecOf = () => null;',
      }),
    );
    await publishStripes(page, { url: desk.url });
    const connection = await desk.connection();
    await connection.getsPictures(10);
    expect(connection.problems).toEqual([]);
    const { stripes } = connection;
    expect(new Set(stripes.map(({ codec }) => codec))).toEqual(new Set(['jpeg']));
    const rows = stripes.filter(({ frame }) => frame === 0);
    expect(rows.map(({ y }) => y)).toEqual([0, 48, 96, 144, 192, 240, 288, 336]);
    for (const row of rows) {
      expect(await decodeStripes([row])).toMatchObject({ frames: 1, errors: '' });
    }
    await page.close();
  });

  test('[MEDIA-122] without MediaStreamTrackProcessor pictures are taken of a video element', async () => {
    const desk = await PublisherDesk.open();
    desk.greets = WANTED;
    const page = await openPicture();
    await page.evaluate(() => Reflect.deleteProperty(window, 'MediaStreamTrackProcessor'));
    await publishStripes(page, { url: desk.url });
    const connection = await desk.connection();
    await connection.getsPictures(30);
    expect(connection.problems).toEqual([]);
    const decoded = await decodeStripes(connection.stripes.slice(0, 30));
    expect(decoded).toMatchObject({ frames: 30, errors: '', width: 640 });
    await page.close();
  });

  test('[MEDIA-114] another track, of another size, is sent in place of the first', async () => {
    const desk = await PublisherDesk.open();
    desk.greets = WANTED;
    const page = await openPicture();
    await publishStripes(page, { url: desk.url });
    const connection = await desk.connection();
    await connection.getsPictures(5);
    await page.evaluate(() => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [321, 241];
      const brush = canvas.getContext('2d');
      setInterval(() => brush?.fillRect(0, 0, Math.random() * 300, 200), 33);
      const [track] = canvas.captureStream(30).getVideoTracks();
      if (track !== undefined) window.stripes?.replaceTrack(track);
    });
    const first = await waitFor(() => connection.stripes.find(({ width }) => width === 320), {
      what: 'the other track',
    });
    expect(first).toMatchObject({ isKey: true, height: 240, rows: 240 });
    expect(first.layout).not.toBe(connection.stripes[0]?.layout);
    await page.close();
  });

  test('[MEDIA-119] comes again after a cut, with a key; not after another took its place', async () => {
    const desk = await PublisherDesk.open();
    desk.greets = WANTED;
    const page = await openPicture();
    await publishStripes(page, { url: desk.url });
    const first = await desk.connection(1);
    await first.getsPictures(5);
    first.socket.terminate();
    const second = await desk.connection(2);
    await second.getsPictures(5);
    expect(second.stripes[0]?.isKey).toBe(true);
    second.socket.close(4409, 'Another connection takes its place.');
    await waitFor(async () => (await publisherStateOf(page)) === 'failed replaced', {
      what: 'the page to stay away',
    });
    expect(desk.connections).toHaveLength(2);
    await page.evaluate(() => window.stripes?.start());
    const third = await desk.connection(3);
    await third.getsPictures(1);
    await page.evaluate(() => window.stripes?.stop());
    await waitFor(() => third.closed === 1000, { what: 'a goodbye' });
    expect(await publisherStateOf(page)).toBe('stopped');
    await page.close();
  });
});

const figuresOf = (page: Page) => page.evaluate(() => window.stripes?.figures.value ?? null);

/** Waits until the page's worker has told its figures so often. */
async function secondsOfFigures(page: Page, count: number): Promise<void> {
  await page.evaluate(
    (times) =>
      new Promise<void>((resolve) => {
        let left = times;
        const off = window.stripes?.figures.subscribe(() => {
          if (--left > 0) return;
          off?.();
          resolve();
        });
      }),
    count,
  );
}
