import { randomBytes } from 'node:crypto';
import type { Page, Response } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { paintMovingPicture } from '../support/browser/moving-picture.ts';
import { openPageServer, type PageServer } from '../support/browser/page-server.ts';
import { publishFromPage, watchFromPage } from '../support/browser/page-session.ts';
import { readInbound } from '../support/browser/peer-connections.ts';
import { openTestBrowser, type TestBrowser } from '../support/browser/test-browser.ts';
import { UdpRelay } from '../support/net/udp-relay.ts';
import { GatewayProcess } from '../support/stage/gateway-process.ts';
import { waitFor } from '../support/wait-for.ts';
import { findLink } from '../../web/core/link-header.ts';

const LAYERS_REL = 'urn:ietf:params:whep:ext:core:layer';
const LAYERS: readonly RTCRtpEncodingParameters[] = [
  { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 450_000 },
  { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 1_300_000 },
];

describe('simulcast layers in a real browser', () => {
  let gateway: GatewayProcess;
  let pages: PageServer;
  let browser: TestBrowser;
  const relays: UdpRelay[] = [];
  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    pages = await openPageServer();
    browser = await openTestBrowser();
  });
  afterEach(async () => {
    for (const page of browser.context.pages()) await page.close();
    for (const relay of relays.splice(0)) await relay.close();
  });
  afterAll(async () => {
    await browser.close();
    await pages.close();
    expect(await gateway.close(), gateway.output).toBe(0);
  });

  const newRoom = (): string => `layers-${randomBytes(4).toString('hex')}`;

  const access = (side: 'whip' | 'whep', room: string) => ({
    url: `${gateway.url}/${side}/${room}`,
    bearer: gateway.token({ sub: side, room, can: ['publish', 'watch'] }),
  });

  const openPublisher = async (): Promise<Page> => {
    const page = await browser.open(pages.page('publisher'));
    await paintMovingPicture(page, { framesPerSecond: 20, rectangles: 8, shown: false });
    return page;
  };

  /** Publishes three layers; resolves with the UDP port of the media. */
  const publishLayers = async (room: string, codec: 'H264' | 'VP8'): Promise<number> => {
    const page = await openPublisher();
    const answered = answerOf(page, '/whip/');
    await publishFromPage(page, { ...access('whip', room), codec, layers: LAYERS });
    return portIn(await (await answered).text());
  };

  /** A viewer behind a relay, and where it chooses its layer. */
  const watch = async (room: string, mediaPort: number) => {
    const relay = await UdpRelay.open({ targetPort: mediaPort });
    relays.push(relay);
    const page = await browser.open(pages.page('viewer'));
    const answered = answerOf(page, '/whep/');
    await watchFromPage(page, { ...access('whep', room), relayPort: relay.port });
    const link = findLink(await (await answered).headerValue('link'), LAYERS_REL);
    if (link === null) throw new Error('the 201 has no layer link');
    return { page, relay, layerUrl: new URL(link.target, gateway.url).href };
  };

  const choose = async (layerUrl: string, choice: object | null): Promise<number> => {
    const reply = await fetch(layerUrl, {
      method: choice === null ? 'DELETE' : 'POST',
      headers: { 'content-type': 'application/json' },
      body: choice === null ? null : JSON.stringify(choice),
    });
    return reply.status;
  };

  const on = test.skipIf(GatewayProcess.usesRealNodes);

  on.for(['VP8', 'H264'] as const)(
    '[LAYER-02] a viewer of %s takes one layer after the other by hand',
    async (codec) => {
      const room = newRoom();
      const { page, layerUrl } = await watch(room, await publishLayers(room, codec));
      const mediaId = await videoMidOf(page);
      for (const [rid, height] of [
        ['q', 180],
        ['f', 720],
        ['h', 360],
      ] as const) {
        await waitFor(async () => (await choose(layerUrl, { mediaId, rid })) === 200, {
          timeoutMs: 20_000,
          everyMs: 200,
          what: `layer ${rid} to be sent`,
        });
        await waitForHeight(page, (now) => now === height, `${height} lines`);
        await waitForMoreFrames(page);
      }
    },
  );

  on('[LAYER-03] goes back to what the path bears', async () => {
    const room = newRoom();
    const { page, layerUrl } = await watch(room, await publishLayers(room, 'VP8'));
    const mediaId = await videoMidOf(page);
    expect(await choose(layerUrl, { mediaId, rid: 'q' })).toBe(200);
    await waitForHeight(page, (now) => now === 180, 'the smallest layer');
    expect(await choose(layerUrl, null)).toBe(200);
    await waitForHeight(page, (now) => now === 720, 'the largest layer');
    expect(await choose(layerUrl, { mediaId, maxHeight: 200 })).toBe(200);
    await waitForHeight(page, (now) => now === 180, 'a layer of at most 200 lines');
    expect(await choose(layerUrl, { mediaId })).toBe(200);
    await waitForHeight(page, (now) => now === 720, 'the largest layer again');
  });

  on('[LAYER-03] a narrow path gets a smaller layer, a wide one the largest again', async () => {
    const room = newRoom();
    const { page, relay } = await watch(room, await publishLayers(room, 'VP8'));
    await waitForHeight(page, (now) => now === 720, 'the largest layer');

    relay.setToClients({ bitsPerSecond: 500_000 });
    await waitForHeight(page, (now) => now < 720, 'a smaller layer');
    await waitForMoreFrames(page, 60);
    expect((await readInbound(page)).frameHeight).toBeLessThan(720);

    relay.setToClients({});
    await waitForHeight(page, (now) => now === 720, 'the largest layer again');
    await waitForMoreFrames(page);
  });

  on('[LAYER-02] [LAYER-03] the watch page has a menu of the sizes', async () => {
    const room = newRoom();
    await publishLayers(room, 'VP8');
    const { bearer } = access('whep', room);
    const page = await browser.open(`${gateway.url}/watch/${room}#token=${bearer}`);
    const menu = page.getByLabel('Quality');
    await waitFor(async () => (await menu.locator('option').count()) === 4, {
      timeoutMs: 20_000,
      what: 'three sizes in the menu',
    });
    expect(await menu.locator('option').allTextContents()).toEqual([
      'Automatic',
      '720p',
      '360p',
      '180p',
    ]);
    await menu.selectOption('180p');
    await waitForHeight(page, (now) => now === 180, 'the smallest layer');
    await menu.selectOption('Automatic');
    await waitForHeight(page, (now) => now === 720, 'the largest layer');
  });

  test.runIf(GatewayProcess.usesRealNodes)(
    '[LAYER-04] [WHIP-20] on SRS simulcast is refused, and viewers have no layers to choose from',
    async () => {
      const room = newRoom();
      const publisher = await openPublisher();
      const whip = access('whip', room);
      const refused = publishFromPage(publisher, { ...whip, layers: LAYERS });
      await expect(refused).rejects.toThrow(/POST: 422 .*simulcast-unsupported/);
      await publishFromPage(publisher, whip);

      const viewer = await browser.open(pages.page('viewer'));
      const answered = answerOf(viewer, '/whep/');
      await watchFromPage(viewer, access('whep', room));
      expect(findLink(await (await answered).headerValue('link'), LAYERS_REL)).toBeNull();
    },
  );
});

function answerOf(page: Page, path: string): Promise<Response> {
  return page.waitForResponse(
    (response) => response.url().includes(path) && response.request().method() === 'POST',
  );
}

function portIn(sdp: string): number {
  const port = /^a=candidate:\S+ 1 udp \d+ \S+ (\d+) /im.exec(sdp)?.[1];
  if (port === undefined) throw new Error('the answer has no UDP candidate');
  return Number(port);
}

function videoMidOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const transceivers = (window.testPeers ?? []).flatMap((peer) => peer.getTransceivers());
    return transceivers.find(({ receiver }) => receiver.track.kind === 'video')?.mid ?? '';
  });
}

async function waitForHeight(page: Page, is: (lines: number) => boolean, what: string) {
  const { frameHeight } = await readInbound(page);
  await waitFor(async () => is((await readInbound(page)).frameHeight), {
    timeoutMs: 40_000,
    everyMs: 100,
    what: `${what} after ${frameHeight} lines`,
  });
}

async function waitForMoreFrames(page: Page, count = 20): Promise<void> {
  const { framesDecoded } = await readInbound(page);
  await waitFor(async () => (await readInbound(page)).framesDecoded > framesDecoded + count, {
    timeoutMs: 15_000,
    everyMs: 100,
    what: `${count} more frames`,
  });
}
