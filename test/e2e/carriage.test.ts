import { expect, test } from 'vitest';
import type { NodeView } from '../../gateway/protocol/api/nodes.ts';
import { waitForMovingPicture } from '../support/browser/picture.ts';
import { EngineFleet } from '../support/gateway/engine-fleet.ts';
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
    const { items } = (await theatre.gateway.api('GET', '/api/v1/nodes')) as { items: NodeView[] };
    expect(items.map(({ sessions }) => sessions)).toEqual([2, 2]);
    expect(items.map(({ load }) => load.full)).toEqual([true, true]);
    await theatre.clear();
    await waitFor(
      async () => {
        const now = (await theatre.gateway.api('GET', '/api/v1/nodes')) as { items: NodeView[] };
        return now.items.every(({ sessions }) => sessions === 0);
      },
      { timeoutMs: 60_000, what: 'all to have left' },
    );
  } finally {
    await theatre.close();
    await fleet.close();
  }
});
