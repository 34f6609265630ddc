import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { paintMovingPicture } from '../../support/browser/moving-picture.ts';
import { openPageServer, type PageServer } from '../../support/browser/page-server.ts';
import { publishFromPage } from '../../support/browser/page-session.ts';
import { readInbound } from '../../support/browser/peer-connections.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const ROOM = 'announced';
/** RFC 5737: an address that nobody has. */
const NOWHERE = '203.0.113.77';

let browser: TestBrowser;
let pages: PageServer;
beforeAll(async () => {
  browser = await openTestBrowser();
  pages = await openPageServer();
});
afterAll(async () => {
  await browser.close();
  await pages.close();
});

const nodesOf = async (gateway: GatewayProcess) =>
  (await gateway.api('GET', '/api/v1/nodes')) as { items: { addresses: unknown }[] };

test('[ADDR-04] media goes where the gateway says, whatever the media server announces', async () => {
  // A real node may announce anything, for instance the address of its container.
  const announced = GatewayProcess.usesRealNodes ? [NOWHERE, '127.0.0.1'] : ['127.0.0.1'];
  const gateway = await GatewayProcess.start({ MEDIA_CANDIDATE: announced.join() });
  try {
    const publisher = await browser.open(pages.page('publisher'));
    await paintMovingPicture(publisher);
    const bearer = gateway.token({ sub: 'anna', room: ROOM, can: ['publish'] });
    await publishFromPage(publisher, { url: `${gateway.url}/whip/${ROOM}`, bearer });
    const token = gateway.token({ sub: 'bob', room: ROOM, can: ['watch'] });
    const page = await browser.open(`${gateway.url}/watch/${ROOM}?mode=webrtc#token=${token}`);
    await waitFor(async () => (await readInbound(page)).framesDecoded > 20, {
      timeoutMs: 30_000,
      what: 'a picture from the announced address',
    });
    const view = {
      configured: true,
      announced: announced.map((ip) => expect.stringMatching(ip) as string),
    };
    // Each gateway of several learns by trials of its own what a node announces.
    await vi.waitFor(
      async () => {
        const { items } = await nodesOf(gateway);
        expect(items).toMatchObject(items.map(() => ({ addresses: view })));
      },
      { timeout: 20_000 },
    );
    await waitFor(
      async () => {
        const [node] = (await nodesOf(gateway)).items;
        const { probes } = node?.addresses as { probes: { reachable: boolean }[] };
        return probes.some(({ reachable }) => reachable) && probes.length === announced.length;
      },
      { timeoutMs: 20_000, what: 'the self-test' },
    );
    await publisher.close();
    await page.close();
  } finally {
    await gateway.close();
  }
});
