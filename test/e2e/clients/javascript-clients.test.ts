import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readInbound } from '../../support/browser/peer-connections.ts';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { playBy, publishBy, stopClient } from '../../support/clients/client-page.ts';
import { aRoomName, ClientStage, type ClientPage } from '../../support/clients/client-stage.ts';
import type { PlayerName, PublisherName } from '../../support/clients/page-clients.ts';
import { waitFor } from '../../support/wait-for.ts';

const PUBLISHERS: readonly PublisherName[] = [
  'whip.js of @binbat/whip-whep',
  '@eyevinn/whip-web-client',
];
const PLAYERS: readonly PlayerName[] = [
  'whep.js of @binbat/whip-whep',
  '@eyevinn/webrtc-player',
  'a reader with a data channel',
];

describe('public JavaScript clients on a page of another origin', () => {
  let stage: ClientStage;
  beforeAll(async () => {
    stage = await ClientStage.open();
  });
  afterEach(() => stage.clear());
  afterAll(() => stage.close());

  const publish = async (
    room: string,
    name: PublisherName,
    kind?: 'audio' | 'video',
  ): Promise<ClientPage> => {
    const opened = await stage.openPublisherPage();
    await publishBy(opened.page, name, stage.whip(room), kind);
    await stage.waitForPublisher(room);
    return opened;
  };

  /** Presses stop and sees DELETE 200, the session gone, and its URL 404. */
  const stopAndSeeItGone = async ({ page, exchanges }: ClientPage): Promise<void> => {
    await stopClient(page);
    const [deletion] = await waitFor(
      () => {
        const sent = exchanges.sent('DELETE');
        return sent.some(({ status }) => status !== 0) && sent;
      },
      { what: 'the answer to DELETE' },
    );
    expect(deletion?.status).toBe(200);
    expect((await fetch(deletion?.url ?? '')).status).toBe(404);
  };

  describe.each(PUBLISHERS)('%s publishes', (publisher) => {
    test.each(PLAYERS)('[WHIP-01] [WHEP-01] [WHIP-30] [CORS-03] … %s plays', async (player) => {
      const room = aRoomName();
      const sender = await publish(room, publisher);
      const viewer = await stage.openPage();
      await playBy(viewer.page, player, stage.whep(room));
      await waitForMovingPicture(viewer.page, { timeoutMs: 15_000 });
      await waitForSound(viewer.page);
      for (const { exchanges } of [sender, viewer]) {
        expect(exchanges.preflights.length).toBeGreaterThan(0);
        const [offer] = exchanges.sent('POST');
        expect(offer?.status).toBe(201);
      }
      await stopAndSeeItGone(viewer);
      await stopAndSeeItGone(sender);
      expect(await stage.sessionsOf(room)).toEqual([]);
    });
  });

  describe.each(PLAYERS)('[WHEP-12] %s', (player) => {
    test.each(['audio', 'video'] as const)('plays a source of %s alone', async (kind) => {
      const room = aRoomName();
      await publish(room, 'whip.js of @binbat/whip-whep', kind);
      const { page } = await stage.openPage();
      await playBy(page, player, stage.whep(room));
      if (kind === 'video') await waitForMovingPicture(page, { timeoutMs: 15_000 });
      else await waitForSound(page);
    });
  });
});

const waitForSound = (page: Page) =>
  waitFor(async () => (await readInbound(page)).audioEnergy > 0.01, {
    timeoutMs: 10_000,
    what: 'sound',
  });
