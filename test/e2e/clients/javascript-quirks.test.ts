import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { playBy, publishBy, stopClient } from '../../support/clients/client-page.ts';
import { aRoomName, ClientStage, type ClientPage } from '../../support/clients/client-stage.ts';
import type { PlayerName, PublisherName } from '../../support/clients/page-clients.ts';
import { waitFor } from '../../support/wait-for.ts';

const WHIP_JS: PublisherName = 'whip.js of @binbat/whip-whep';
const WHEP_JS: PlayerName = 'whep.js of @binbat/whip-whep';
const EYEVINN_WHIP: PublisherName = '@eyevinn/whip-web-client';
const EYEVINN_PLAYER: PlayerName = '@eyevinn/webrtc-player';
const READER: PlayerName = 'a reader with a data channel';

describe('what public clients do differently', () => {
  let stage: ClientStage;
  beforeAll(async () => {
    stage = await ClientStage.open();
  });
  afterEach(() => stage.clear());
  afterAll(() => stage.close());

  const publish = async (room: string, name: PublisherName = WHIP_JS): Promise<ClientPage> => {
    const opened = await stage.openPublisherPage();
    await publishBy(opened.page, name, stage.whip(room));
    await stage.waitForPublisher(room);
    return opened;
  };
  const play = async (room: string, name: PlayerName, token?: string): Promise<ClientPage> => {
    const opened = await stage.openPage();
    await playBy(opened.page, name, stage.whep(room, token));
    return opened;
  };
  const patchesOf = ({ exchanges }: ClientPage) =>
    waitFor(
      () => {
        const patches = exchanges.sent('PATCH');
        return patches.length > 0 && patches.every(({ status }) => status !== 0) && patches;
      },
      { what: 'answered PATCHes' },
    );

  test('[WHIP-45] whip.js trickles with the ETag as If-Match', async () => {
    for (const patch of await patchesOf(await publish(aRoomName()))) {
      expect(patch.headers['if-match']).toMatch(/^"[^"]+"$/);
      expect(patch.status).toBe(204);
    }
  });

  test('[WHIP-47] two clients that send no If-Match publish and play although their PATCH is 428', async () => {
    const room = aRoomName();
    const sender = await publish(room, EYEVINN_WHIP);
    const viewer = await play(room, WHEP_JS);
    await waitForMovingPicture(viewer.page, { timeoutMs: 15_000 });
    for (const [patch] of [await patchesOf(sender), await patchesOf(viewer)]) {
      expect(patch?.headers['if-match']).toBeUndefined();
      expect(patch?.status).toBe(428);
    }
  });

  test('[CORS-03] [CORS-05] Eyevinn’s client asks by OPTIONS and reads the methods of the answer', async () => {
    const { exchanges } = await publish(aRoomName(), EYEVINN_WHIP);
    const options = exchanges.sent('OPTIONS');
    expect(options.map(({ status }) => status)).toEqual([200, 200]);
    expect(options[0]?.headers['authorization']).toMatch(/^Bearer /);
    expect(
      exchanges.preflights.map((each) => each.headers['access-control-request-method']),
    ).toContain('OPTIONS');
    // It trickles only when it could read PATCH among them.
    await waitFor(() => exchanges.sent('PATCH').length > 0, { what: 'trickle' });
  });

  test('[WHIP-52] [WHIP-56] [WHEP-13] a data channel, If-Match * without a token, one PATCH for each candidate', async () => {
    const room = aRoomName();
    await publish(room);
    const viewer = await play(room, READER);
    await waitForMovingPicture(viewer.page, { timeoutMs: 15_000 });
    const patches = await patchesOf(viewer);
    expect(patches.length).toBeGreaterThan(1);
    for (const patch of patches) {
      expect(patch.headers['if-match']).toBe('*');
      expect(patch.headers['authorization']).toBeUndefined();
      expect(patch.status).toBe(204);
    }
    await stopClient(viewer.page);
    await waitFor(() => viewer.exchanges.sent('DELETE')[0]?.status === 200, { what: 'DELETE 200' });
    expect(viewer.exchanges.sent('POST')).toHaveLength(1);
  });

  test('[WHIP-37] mute() of whip.js, a POST to the session, is 405 and harms nothing', async () => {
    const room = aRoomName();
    const sender = await publish(room);
    const viewer = await play(room, EYEVINN_PLAYER);
    await sender.page.evaluate(() =>
      (window.clientSession as unknown as { mute(muted: unknown): Promise<void> }).mute({
        muted: true,
      }),
    );
    const [, muting] = sender.exchanges.sent('POST');
    await waitFor(() => sender.exchanges.sent('POST')[1]?.status === 405, { what: '405' });
    expect(muting?.url).toContain('/sessions/');
    await waitForMovingPicture(viewer.page, { timeoutMs: 15_000 });
  });

  test('[WHIP-51] media goes on when whip.js restarts ICE', async () => {
    const room = aRoomName();
    const sender = await publish(room);
    const viewer = await play(room, EYEVINN_PLAYER);
    await waitForMovingPicture(viewer.page, { timeoutMs: 15_000 });
    await patchesOf(sender);
    const before = sender.exchanges.sent('PATCH').length;
    await sender.page.evaluate(() =>
      (window.clientSession as unknown as { restart(): Promise<void> })
        .restart()
        .catch(() => undefined),
    );
    const restart = await waitFor(
      () =>
        sender.exchanges
          .sent('PATCH')
          .slice(before)
          .find(({ status }) => status !== 0),
      { what: 'the answer to the restart' },
    );
    expect(restart.headers['if-match']).toBe('*');
    expect([200, 422]).toContain(restart.status);
    await waitForMovingPicture(viewer.page, { timeoutMs: 15_000 });
  });

  test.each([
    ['[WHIP-68] a broken token', 'not.a.token', 401, 'token-invalid'],
    ['[WHIP-68] a token to watch', 'watch', 403, 'scope-insufficient'],
  ])('[CORS-06] whip.js reads why %s is refused', async (_, token, status, code) => {
    const room = aRoomName();
    const given =
      token === 'watch' ? stage.gateway.token({ sub: 'a', room, can: ['watch'] }) : token;
    const { page } = await stage.openPublisherPage();
    const refusal = await page.evaluate(
      async ([client, to]) => {
        const stream = window.movingPicture?.stream ?? new MediaStream();
        try {
          await window.publicClients.publishers[client](to, stream);
          return null;
        } catch (error) {
          const { response } = error as { response: Response };
          return { status: response.status, problem: (await response.json()) as unknown };
        }
      },
      [WHIP_JS, stage.whip(room, given)] as const,
    );
    expect(refusal).toMatchObject({ status, problem: { code } });
    expect(await stage.sessionsOf(room)).toEqual([]);
  });

  test.each([
    ['[WHEP-19] a broken token', () => 'not.a.token', 401],
    ['[WHEP-19] another room’s token', undefined, 403],
    ['[WHEP-04] nobody publishing', null, 409],
  ] as const)(
    '[WHEP-06] [WHEP-08] Eyevinn’s player takes the refusal of %s for what it is',
    async (_, tokenOf, status) => {
      const room = aRoomName();
      const foreign = stage.gateway.token({ sub: 'a', room: 'elsewhere', can: ['watch'] });
      const token = tokenOf === null ? undefined : (tokenOf?.() ?? foreign);
      const { page, exchanges } = await play(room, EYEVINN_PLAYER, token);
      await waitFor(async () => (await page.title()) === 'initial-connection-failed', {
        what: 'the player to give up',
      });
      // 400 would make it POST an empty body, 406 an offer without audio.
      expect(exchanges.sent('POST').map((each) => each.status)).toEqual([status]);
    },
  );
});

describe('[CORS-07] with CORS_ORIGINS set', () => {
  test('a listed origin publishes and others are kept out by their browser', async () => {
    const stage = await ClientStage.open((origin) => ({ CORS_ORIGINS: origin }));
    onTestFinished(() => stage.close());
    const room = aRoomName();
    const sender = await stage.openPublisherPage();
    await publishBy(sender.page, WHIP_JS, stage.whip(room));
    await stage.waitForPublisher(room);

    const stranger = await stage.openPage();
    await stranger.page.goto(stage.pages.page('stranger').replace('127.0.0.1', 'localhost'));
    const read = stranger.page.evaluate(
      ([url, token]) => fetch(url, { method: 'OPTIONS', headers: { authorization: token } }),
      [stage.whep(room).url, 'Bearer x'] as const,
    );
    await expect(read).rejects.toThrow(/Failed to fetch/);
  });
});

test('[WHIP-47] under IF_MATCH=lenient the same two clients trickle without an error', async () => {
  const stage = await ClientStage.open(() => ({ IF_MATCH: 'lenient' }));
  onTestFinished(() => stage.close());
  const room = aRoomName();
  const [sender, viewer] = [await stage.openPublisherPage(), await stage.openPage()];
  await publishBy(sender.page, EYEVINN_WHIP, stage.whip(room));
  await stage.waitForPublisher(room);
  await playBy(viewer.page, WHEP_JS, stage.whep(room));
  await waitForMovingPicture(viewer.page, { timeoutMs: 15_000 });
  for (const { exchanges } of [sender, viewer]) {
    await waitFor(() => exchanges.sent('PATCH').some(({ status }) => status === 204), {
      what: 'a PATCH that is 204',
    });
    expect(exchanges.sent('PATCH').every((each) => each.headers['if-match'] === undefined)).toBe(
      true,
    );
  }
  expect(stage.browser.pageErrors).toEqual([]);
});
