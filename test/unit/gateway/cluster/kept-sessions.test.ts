import { expect, test } from 'vitest';
import { sessionField } from '../../../../gateway/cluster/kept-names.ts';
import { readRoom } from '../../../../gateway/cluster/kept-wire.ts';
import { keptOf, type KeptSession } from '../../../../gateway/rooms/kept-session.ts';
import type { Session } from '../../../../gateway/rooms/session.ts';
import { aCore, aGrant, aRoom } from '../../../support/gateway/a-gateway-core.ts';

/** A session as another gateway reads it from Redis. */
function asRead(session: Session): KeptSession {
  const kept = keptOf(session, {});
  const [read] = readRoom([sessionField(session.id), JSON.stringify(kept)]).sessions;
  if (read === undefined) throw new Error('it could not be read');
  return read;
}

const GRANT = aGrant({
  ...{ issuedAt: 5, tokenId: 't', can: ['publish', 'watch'] },
  origin: { invitation: 'i' },
});

test('[ADOPT-01] a session goes on at another gateway as what it was, and nothing is asked of its node', async () => {
  const [one, two] = [await aCore(), await aCore()];
  const publisher = await one.publish({ grant: GRANT });
  one.sessions.setLive(publisher);
  const kept = asRead(publisher);
  expect(two.sessions.adopt(kept, two.node)).toBe(true);
  const adopted = two.registry.bySecret(publisher.secret);
  expect(adopted?.toView()).toEqual(publisher.toView());
  expect(adopted).toMatchObject({ etag: publisher.etag, media: publisher.media, grant: GRANT });
  expect(two.node.offers).toEqual([]);
  expect(two.events).toEqual([]);
  const viewer = await two.play();
  expect(viewer.node).toBe(two.node);
});

test('[ADOPT-01] an adopted session is ended at its node by the id that the node lists', async () => {
  const [one, two] = [await aCore(), await aCore()];
  const publisher = await one.publish();
  two.sessions.adopt(asRead(publisher), two.node);
  const adopted = two.registry.byId(publisher.id);
  if (adopted !== undefined) await two.sessions.end(adopted, 'kicked');
  expect(two.node.removed).toEqual([publisher.place?.clientId]);
});

test('[ADOPT-02] of a room that goes elsewhere nothing ends at its nodes, and nobody is told of an end', async () => {
  const core = await aCore();
  const session = await core.publish();
  const elsewhere = await core.publish({ room: aRoom('other'), grant: aGrant({ room: '*' }) });
  core.events.length = 0;
  core.sessions.handOver(aRoom('demo'));
  expect(core.registry.sessions()).toEqual([elsewhere]);
  expect(core.registry.endingOf(session.secret)).toBeUndefined();
  expect(core.node.removed).toEqual([]);
  expect(core.node.released).toEqual([]);
  expect(core.events).toEqual([]);
});

test('[ADOPT-02] an offer under way in a room that goes elsewhere is taken back at its node', async () => {
  const core = await aCore();
  const gate = Promise.withResolvers<undefined>();
  core.node.gate = gate.promise;
  const opening = core.publish();
  await expect.poll(() => core.registry.size).toBe(1);
  core.sessions.handOver(aRoom('demo'));
  gate.resolve(undefined);
  await expect(opening).rejects.toMatchObject({ name: 'GatewayError' });
  expect(core.registry.size).toBe(0);
  await expect.poll(() => core.node.listed.size).toBe(0);
});

test('[ADOPT-16] what its node knows is kept before its answer, as what the answer settles', async () => {
  const core = await aCore();
  const seen: (KeptSession | undefined)[] = [];
  const ask = core.node.onOffer;
  core.node.onOffer = (offer, clientId) => {
    const [session] = core.registry.sessions().slice(-1);
    if (session !== undefined) seen.push(keptOf(session, {}));
    const isAllowed = ask(offer, clientId);
    if (session !== undefined) seen.push(keptOf(session, {}));
    return isAllowed;
  };
  for (const open of [() => core.publish(), () => core.play()]) {
    const session = await open();
    const [unknown, offered] = seen.splice(0);
    expect(unknown).toBeUndefined();
    expect(offered).toEqual({ ...keptOf(session, {}), answeredAt: offered?.answeredAt });
  }
});

test('[ADOPT-01] what its node does not know yet, goes by a socket or is over is not kept', async () => {
  const core = await aCore();
  const carrier = { release: () => undefined };
  const { grant, room, source } = await core.publish();
  const wish = { kind: 'watch', grant, room, source, address: '192.0.2.1' } as const;
  expect(keptOf(core.sessions.openBySocket(wish, carrier), {})).toBeUndefined();
  const viewer = await core.play();
  expect(keptOf(viewer, {})).toBeDefined();
  await core.sessions.end(viewer, 'client');
  expect(keptOf(viewer, {})).toBeUndefined();
});

test('[ADOPT-03] what this version does not know is left out, and the rest is read', () => {
  const read = readRoom(['term', '7', 's:1', '{"id":1}', 'c:main', 'no JSON', 'x:new', '{}']);
  expect(read).toMatchObject({ sessions: [], controls: [], policies: [] });
  expect(read.unread).toEqual(['s:1', 'c:main', 'x:new']);
});

test('[ADOPT-08] a client that another gateway knows is not removed, one that nobody knows is', async () => {
  const core = await aCore();
  const { RollCall } = await import('../../../../gateway/rooms/roll-call.ts');
  const { sessions, trials, log, clock } = core;
  const asked: string[] = [];
  const roll = new RollCall({
    ...{ sessions, trials, log, now: () => clock.now },
    carriages: { has: () => false },
    isElsewhere: ({ clientId }) => {
      asked.push(clientId);
      return Promise.resolve(clientId === 'theirs');
    },
  });
  for (const clientId of ['theirs', 'nobodys']) {
    const client = {
      clientId,
      kind: 'watch',
      path: 'demo/main',
      active: true,
      layers: [],
    } as const;
    core.node.listed.set(clientId, client);
  }
  const [known] = core.nodes.list();
  for (let turn = 0; turn < 3 && known !== undefined; turn += 1) {
    await roll.hold(known);
    clock.now += 5_000;
  }
  expect(core.node.removed).toEqual(['nobodys']);
  expect(asked).toContain('theirs');
});
