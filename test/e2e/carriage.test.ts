import { test } from 'vitest';
import type { NodeView } from '../../gateway/protocol/api/nodes.ts';
import { waitForMovingPicture } from '../support/browser/picture.ts';
import { EngineFleet } from '../support/gateway/engine-fleet.ts';
import type { GatewayProcess } from '../support/stage/gateway-process.ts';
import { waitFor } from '../support/wait-for.ts';
import { Theatre } from './theatre.ts';

const VIDEO = '[data-testid="video"]';

test('[CARRY-22] three viewers see one source from two media servers that take three sessions each', async () => {
  const fleet = await EngineFleet.start(2);
  const theatre = await Theatre.open({ ...fleet.settings, NODE_MAX_SESSIONS: '3' });
  try {
    const room = theatre.newRoom();
    await theatre.share(room);
    for (let count = 0; count < 3; count += 1) {
      const viewer = await theatre.watch(room);
      await waitForMovingPicture(viewer, { selector: VIDEO, timeoutMs: 60_000 });
    }
    const areAll = (what: string, is: (node: NodeView) => boolean): Promise<true> =>
      waitFor(async () => (await nodesAtAll(theatre.gateway)).every(is), {
        timeoutMs: 60_000,
        what,
      });
    await areAll(
      'two sessions at each, beside the ends of the carriage',
      ({ sessions, load }) => sessions === 2 && load.full,
    );
    await theatre.clear();
    await areAll('all to have left', ({ sessions }) => sessions === 0);
  } finally {
    await theatre.close();
    await fleet.close();
  }
});

/** The nodes as each of the gateways tells of them. */
async function nodesAtAll(gateway: GatewayProcess): Promise<readonly NodeView[]> {
  const lists = gateway.all.map((each) => each.api('GET', '/api/v1/nodes', each.ownUrl));
  return ((await Promise.all(lists)) as { items: NodeView[] }[]).flatMap(({ items }) => items);
}
