import { expect, test } from 'vitest';
import type { NodeView } from '../../gateway/protocol/api/nodes.ts';
import { waitForMovingPicture } from '../support/browser/picture.ts';
import { EngineFleet, type NodeProcess } from '../support/gateway/engine-fleet.ts';
import { waitFor } from '../support/wait-for.ts';
import { Theatre, waitForState } from './theatre.ts';

const VIDEO = '[data-testid="video"]';

/** The one node with sessions. */
async function nodeInUse({ gateway }: Theatre): Promise<string | undefined> {
  const { items } = (await gateway.api('GET', '/api/v1/nodes')) as { items: NodeView[] };
  const used = items.filter(({ sessions }) => sessions > 0);
  return used.length === 1 ? used[0]?.node : undefined;
}

test.each([
  ['is killed', (engine: NodeProcess) => EngineFleet.kill(engine)],
  ['hangs', (engine: NodeProcess) => EngineFleet.freeze(engine)],
] as const)(
  '[NODE-04] one of two media servers %s while viewers watch: all play from the other, without a reload',
  async (_what, blow) => {
    const fleet = await EngineFleet.start(2);
    const theatre = await Theatre.open(fleet.settings);
    try {
      const room = theatre.newRoom();
      const share = await theatre.share(room);
      const viewers = [await theatre.watch(room), await theatre.watch(room)];
      for (const viewer of viewers) {
        await waitForMovingPicture(viewer, { selector: VIDEO, timeoutMs: 30_000 });
        await viewer.evaluate(() => void Object.assign(globalThis, { neverReloaded: true }));
      }
      const used = await waitFor(() => nodeInUse(theatre), { what: 'one node in use' });

      blow(fleet.named(used));
      const other = await waitFor(
        async () => {
          const now = await nodeInUse(theatre);
          return now === used ? undefined : now;
        },
        { timeoutMs: 40_000, what: 'the other node to have the sessions' },
      );
      expect(other).not.toBe(used);
      for (const page of [share, ...viewers]) await waitForState(page, 'live', 40_000);
      for (const viewer of viewers) {
        await waitForMovingPicture(viewer, { selector: VIDEO, timeoutMs: 30_000 });
        expect(await viewer.evaluate(() => 'neverReloaded' in globalThis)).toBe(true);
      }
    } finally {
      await theatre.close();
      await fleet.close();
    }
  },
);

test('[NODE-10] a media server is drained while viewers watch: all play from the other, without a reload', async () => {
  const fleet = await EngineFleet.start(2);
  const theatre = await Theatre.open(fleet.settings);
  try {
    const room = theatre.newRoom();
    await theatre.share(room);
    const viewer = await theatre.watch(room);
    await waitForMovingPicture(viewer, { selector: VIDEO, timeoutMs: 30_000 });
    const used = await waitFor(() => nodeInUse(theatre), { what: 'one node in use' });
    const token = theatre.gateway.token({ sub: 'boss', room: '*', can: ['admin'] });
    const path = `/api/v1/nodes/${encodeURIComponent(used)}/drain`;
    const reply = await fetch(`${theatre.gateway.url}${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ afterSeconds: 0, spreadSeconds: 1 }),
    });
    expect(reply.status).toBe(200);
    await waitFor(
      async () => {
        const now = await nodeInUse(theatre);
        return now !== undefined && now !== used;
      },
      { timeoutMs: 40_000, what: 'the other node to have the sessions' },
    );
    await waitForState(viewer, 'live', 40_000);
    await waitForMovingPicture(viewer, { selector: VIDEO, timeoutMs: 30_000 });
  } finally {
    await theatre.close();
    await fleet.close();
  }
});
