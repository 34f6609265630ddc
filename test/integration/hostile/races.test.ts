import { describe, expect, test } from 'vitest';
import { anAdminToken, aToken } from '../../support/gateway/a-token.ts';
import { HostileStage } from '../../support/gateway/hostile-stage.ts';

const pathOf = (reply: Response): string => new URL(reply.headers.get('location') ?? '').pathname;

const statusesOf = (replies: readonly Response[]): number[] =>
  replies.map(({ status }) => status).toSorted((a, b) => a - b);

/** How many sessions there are here and at the node: an orphan makes them differ. */
async function census({ gateway, srs }: HostileStage): Promise<{ here: number; there: number }> {
  const { items } = (await gateway.json('/api/v1/sessions', anAdminToken())) as {
    items: readonly unknown[];
  };
  return { here: items.length, there: srs.clients.size };
}

/** A node that answers no offer before the returned function is called. */
function holdOffers({ srs }: HostileStage): () => void {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  srs.gate = promise;
  return () => resolve(undefined);
}

describe('publishes of one source at once', () => {
  test('[HOSTILE-35] by ten people: one is served, nine are told that it is busy', async () => {
    const stage = await HostileStage.open();
    const release = holdOffers(stage);
    const tokens = Array.from({ length: 10 }, (_, index) => aToken({ sub: `person-${index}` }));
    const posts = tokens.map((token) => stage.gateway.whip('demo', { token }));
    await expect.poll(() => stage.srs.offers.length).toBe(1);
    release();
    expect(statusesOf(await Promise.all(posts))).toEqual([201, ...Array<number>(9).fill(409)]);
    expect(stage.srs.offers).toHaveLength(1);
    expect(await census(stage)).toEqual({ here: 1, there: 1 });
    await stage.expectGoodService();
  });

  test('[HOSTILE-35] by one person: one session is left, here and at the node', async () => {
    const stage = await HostileStage.open();
    const replies = await Promise.all(Array.from({ length: 10 }, () => stage.gateway.whip('demo')));
    const opened = replies.filter(({ status }) => status === 201).map(pathOf);
    const alive = await Promise.all(opened.map((path) => stage.gateway.request('GET', path)));
    expect(alive.filter(({ status }) => status === 204)).toHaveLength(1);
    await expect.poll(() => census(stage)).toEqual({ here: 1, there: 1 });
    await stage.expectGoodService();
  });
});

describe('an end before the beginning', () => {
  test('[HOSTILE-35] a session that is kicked while its offer is under way leaves nothing', async () => {
    const stage = await HostileStage.open();
    const release = holdOffers(stage);
    const post = stage.gateway.whip('demo');
    await expect.poll(() => stage.srs.offers.length).toBe(1);
    const token = anAdminToken();
    const { items } = (await stage.gateway.json('/api/v1/sessions', token)) as {
      items: readonly { id: string }[];
    };
    const path = `/api/v1/sessions/${items[0]?.id ?? ''}`;
    expect((await stage.gateway.request('DELETE', path, { token })).status).toBe(204);
    release();
    expect((await post).status).toBe(404);
    await expect.poll(() => census(stage)).toEqual({ here: 0, there: 0 });
    await stage.expectGoodService();
  });

  test('[HOSTILE-35] a publisher that goes while a viewer comes leaves no orphan', async () => {
    const stage = await HostileStage.open();
    const publisher = pathOf(await stage.gateway.whip('demo'));
    const release = holdOffers(stage);
    const viewer = stage.gateway.whep('demo');
    await expect.poll(() => stage.srs.offers.length).toBe(2);
    expect((await stage.gateway.request('DELETE', publisher)).status).toBe(200);
    release();
    const { status } = await viewer;
    expect([201, 404, 409]).toContain(status);
    const left = status === 201 ? 1 : 0;
    await expect.poll(() => census(stage)).toEqual({ here: left, there: left });
  });
});

describe('one session, many hands', () => {
  test('[HOSTILE-35] DELETE and PATCH at once: it ends once, and each gets an answer', async () => {
    const stage = await HostileStage.open();
    const path = pathOf(await stage.gateway.whip('demo'));
    const patch = () =>
      stage.gateway.request('PATCH', path, {
        headers: { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': '*' },
        body: 'a=end-of-candidates\r\n',
      });
    const hands = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? patch() : stage.gateway.request('DELETE', path),
    );
    const statuses = (await Promise.all(hands)).map(({ status }) => status);
    const of = (remainder: number) => statuses.filter((_, index) => index % 2 === remainder);
    expect(of(0).filter((status) => status !== 204 && status !== 404)).toEqual([]);
    expect(of(1).filter((status) => status === 200)).toHaveLength(1);
    expect(of(1).filter((status) => status === 404)).toHaveLength(9);
    expect(stage.srs.deletions).toHaveLength(1);
    expect(await census(stage)).toEqual({ here: 0, there: 0 });
    await stage.expectGoodService();
  });

  test('[HOSTILE-35] DELETE and the node’s own end at once end it once', async () => {
    const stage = await HostileStage.open();
    const path = pathOf(await stage.gateway.whip('demo'));
    const [client] = stage.srs.clients.values();
    if (client === undefined) throw new Error('the node has no client');
    const [reply] = await Promise.all([
      stage.gateway.request('DELETE', path),
      stage.srs.leave(client),
    ]);
    expect([200, 404]).toContain(reply.status);
    expect((await stage.gateway.request('GET', path)).status).toBe(404);
    expect(await census(stage)).toEqual({ here: 0, there: 0 });
    await stage.expectGoodService();
  });
});
