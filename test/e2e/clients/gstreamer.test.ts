import { networkInterfaces } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readInbound } from '../../support/browser/peer-connections.ts';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { playBy } from '../../support/clients/client-page.ts';
import type { ClientProcess } from '../../support/clients/client-process.ts';
import { aRoomName, ClientStage } from '../../support/clients/client-stage.ts';
import {
  arrived,
  missingElements,
  playByGst,
  publishByGst,
  type GstPlayer,
  type GstPublisher,
} from '../../support/clients/gstreamer.ts';
import { waitFor } from '../../support/wait-for.ts';

/** libnice has no candidate on loopback, so media must go by another address of the machine. */
const address = Object.values(networkInterfaces())
  .flat()
  .find((each) => each?.family === 'IPv4' && !each.internal)?.address;

const lacks = (...elements: readonly (GstPublisher | GstPlayer)[]): string[] => [
  ...missingElements(...elements),
  ...(address === undefined ? ['an address besides loopback'] : []),
];
const title = (missing: readonly string[]): string =>
  missing.length === 0 ? '' : ` (missing: ${missing.join(', ')})`;

let stage: ClientStage;
beforeAll(async () => {
  stage = await ClientStage.open(() => ({ MEDIA_CANDIDATE: address ?? '' }));
});
afterEach(() => stage.clear());
afterAll(() => stage.close());

const kept = (client: ClientProcess): ClientProcess => {
  onTestFinished(() => void client.stop('SIGKILL'));
  return client;
};
const publish = async (room: string, element: GstPublisher): Promise<ClientProcess> => {
  const client = kept(publishByGst(element, stage.whip(room)));
  await stage.waitForPublisher(room).catch((error: unknown) => {
    throw new Error(client.output, { cause: error });
  });
  return client;
};
const sees = (player: ClientProcess, what: 'pictures' | 'sound') =>
  waitFor(() => arrived(player, what) > 30, { timeoutMs: 20_000, what }).catch((error: unknown) => {
    throw new Error(player.output.slice(-4000), { cause: error });
  });

for (const publisher of ['whipsink', 'whipclientsink'] as const) {
  const missing = lacks(publisher);
  describe.skipIf(missing.length > 0)(`GStreamer’s ${publisher}${title(missing)}`, () => {
    test('[WHIP-01] [WHIP-30] publishes to a browser and ends by DELETE', async () => {
      const room = aRoomName();
      const client = await publish(room, publisher);
      const { page } = await stage.openPage();
      await playBy(page, '@eyevinn/webrtc-player', stage.whep(room));
      await waitForMovingPicture(page, { timeoutMs: 15_000 });
      await waitFor(async () => (await readInbound(page)).audioPackets > 50, {
        timeoutMs: 10_000,
        what: 'sound',
      });
      await client.stop('SIGINT');
      await waitFor(
        async () => (await stage.sessionsOf(room)).every(({ kind }) => kind !== 'publish'),
        { what: 'the publisher to be gone' },
      );
    });

    test('[WHIP-68] is told of a wrong token and ends', async () => {
      const client = kept(publishByGst(publisher, stage.whip(aRoomName(), 'not.a.token')));
      await waitFor(() => client.output.includes('ERROR'), { timeoutMs: 15_000, what: 'an error' });
      expect(client.output).toMatch(/401|token-invalid|Unauthorized/i);
    });
  });
}

for (const player of ['whepsrc', 'whepclientsrc'] as const) {
  const missing = lacks('whipsink', player);
  describe.skipIf(missing.length > 0)(`GStreamer’s ${player}${title(missing)}`, () => {
    test('[WHEP-01] [WHEP-09] plays what whipsink publishes', async () => {
      const room = aRoomName();
      await publish(room, 'whipsink');
      const client = kept(playByGst(player, stage.whep(room)));
      await sees(client, 'sound');
      await sees(client, 'pictures');
      await client.stop('SIGINT');
    });
  });
}
