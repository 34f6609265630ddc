import { describe, expect, test } from 'vitest';
import { GatewayEvent } from '../../../../gateway/protocol/gateway-event.ts';
import { aToken, anAdminToken } from '../../../support/gateway/a-token.ts';
import { EventReader } from '../../../support/gateway/event-reader.ts';
import { aMediaPublisher } from '../../../support/gateway/media-socket.ts';
import { startGateway } from '../../../support/gateway/start-gateway.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { WebhookClient } from '../../../support/webhooks/webhook-client.ts';
import { aReceiver, isSigned, type Received } from '../../../support/webhooks/webhook-receiver.ts';

const ALLOWED = { env: { WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1' } };
const PATIENCE = { timeoutMs: 60_000 };

async function aStage() {
  const { gateway } = await startGateway(ALLOWED);
  const client = new WebhookClient(gateway.url);
  return { gateway, client };
}

/** A session that comes and goes: seven events. */
async function aVisit(url: string, room: string): Promise<void> {
  const token = aToken({ sub: 'machine', room, can: ['publish'] });
  const socket = await aMediaPublisher(url, { room, token });
  socket.socket.close();
  await waitFor(() => socket.closed, { what: 'the socket to be closed' });
}

const eventOf = ({ body }: Received): GatewayEvent => GatewayEvent.parse(JSON.parse(body));
const roomOf = (received: Received): string => {
  const event = eventOf(received);
  return 'room' in event ? event.room : '';
};

describe('webhooks', () => {
  test('[WEBHOOK-02] a receiver that was down gets everything in order afterwards, signed', async () => {
    const { gateway, client } = await aStage();
    const receiver = await aReceiver();
    const rooms = ['a', 'b', 'c', 'd', 'e'];
    const { id, secret } = await client.create({ url: receiver.url, rooms });
    const reader = await EventReader.open(`${gateway.url}/api/v1/events`, {
      authorization: `Bearer ${anAdminToken()}`,
    });
    await receiver.up();
    for (let visit = 0; visit < 12; visit += 1) {
      if (visit === 2) await receiver.down();
      if (visit === 10) await receiver.up();
      await Promise.all(rooms.map((room) => aVisit(gateway.url, room)));
    }
    const wanted = rooms.length * 12 * 7;
    const ofRooms = (): string[] => reader.events.filter((text) => !text.startsWith('node.'));
    await waitFor(() => ofRooms().length === wanted, { ...PATIENCE, what: 'all events' });
    const ids = ofRooms().map(
      (text) => GatewayEvent.parse(JSON.parse(text.slice(text.indexOf(' ') + 1))).id,
    );
    await waitFor(() => receiver.ids.length >= ids.length, { ...PATIENCE, what: 'all webhooks' });
    expect(receiver.ids.toSorted()).toEqual(ids.toSorted());
    for (const room of rooms) {
      const own = receiver.received.filter((each) => roomOf(each) === room);
      const firsts = [...new Set(own.map(({ id: event }) => event))];
      expect(firsts, room).toEqual(firsts.toSorted());
    }
    for (const each of receiver.received) {
      expect(isSigned(each, secret)).toBe(true);
      expect(isSigned({ ...each, body: each.body.replace('room', 'Room') }, secret)).toBe(false);
      expect(eventOf(each).id).toBe(each.id);
    }
    await waitFor(async () => (await client.get(id)).waiting === 0, { what: 'an empty outbox' });
    expect((await client.get(id)).failingSince).toBe(null);
  });

  test('[WEBHOOK-03] one that hangs delays no other, nor does one room another', async () => {
    const { gateway, client } = await aStage();
    const [hanging, picky, good] = [await aReceiver(), await aReceiver(), await aReceiver()];
    hanging.answer = () => undefined;
    picky.answer = ({ body }) => (body.includes('"room":"a"') ? 500 : 200);
    for (const receiver of [hanging, picky, good]) {
      await receiver.up();
      await client.create({ url: receiver.url, types: ['session.ended'] });
    }
    for (const room of ['a', 'b', 'c']) await aVisit(gateway.url, room);
    await waitFor(() => good.ids.length === 3, { ...PATIENCE, what: 'all at the good one' });
    await waitFor(() => picky.ids.length === 2, { ...PATIENCE, what: 'other rooms' });
    expect(picky.received.map(roomOf).toSorted()).toEqual(['b', 'c']);
    expect(hanging.received).toEqual([]);
    picky.answer = () => 200;
    await waitFor(() => picky.ids.length === 3, { ...PATIENCE, what: 'the room that failed' });
  });

  test('[WEBHOOK-04] only the events and rooms that it wants, and none while disabled', async () => {
    const { gateway, client } = await aStage();
    const receiver = await aReceiver();
    await receiver.up();
    const types = ['room.opened', 'room.closed'];
    const { id } = await client.create({ url: receiver.url, types, rooms: ['a'] });
    await aVisit(gateway.url, 'b');
    await aVisit(gateway.url, 'a');
    await waitFor(() => receiver.ids.length === 2, { what: 'two events' });
    expect(receiver.received.map((each) => eventOf(each).type)).toEqual(types);
    await client.change(id, { enabled: false });
    await aVisit(gateway.url, 'a');
    await client.change(id, { enabled: true });
    await aVisit(gateway.url, 'a');
    await waitFor(() => receiver.ids.length === 4, { what: 'the events after it was enabled' });
    expect((await client.deliveries(id)).total).toBe(4);
  });

  test('[WEBHOOK-05] after a rotation both secrets sign, and no longer than they should', async () => {
    const { client } = await aStage();
    const receiver = await aReceiver();
    await receiver.up();
    const { id, secret } = await client.create({ url: receiver.url, types: ['node.up'] });
    const next = await client.rotate(id, 3600);
    await client.test(id);
    const last = await client.rotate(id, 0);
    await client.test(id);
    const signedBy = receiver.received.map((each) =>
      [secret, next, last].map((key) => isSigned(each, key)),
    );
    expect(signedBy).toEqual([
      [true, true, false],
      [false, false, true],
    ]);
  });

  test('[WEBHOOK-06] tests and replays: the same event again, and what became of each', async () => {
    const { gateway, client } = await aStage();
    const receiver = await aReceiver();
    const { id } = await client.create({ url: receiver.url, types: ['room.opened'] });
    const failed = await client.test(id);
    expect(failed).toMatchObject({
      type: 'webhook.test',
      state: 'dead',
      attempts: 1,
      status: null,
    });
    expect(failed.detail).toContain('refused');
    await receiver.up();
    await aVisit(gateway.url, 'a');
    await waitFor(() => receiver.ids.length === 1, { ...PATIENCE, what: 'the event' });
    const { items } = await waitFor(
      async () => {
        const found = await client.deliveries(id, '&state=delivered&q=ROOM.o');
        return found.total === 1 && found;
      },
      { what: 'its record' },
    );
    const [delivered] = items;
    if (delivered === undefined) throw new Error('there is one');
    expect(delivered).toMatchObject({ room: 'a', status: 204, type: 'room.opened' });
    const replay = await client.replay(id, delivered.id);
    expect(replay).toMatchObject({ event: delivered.event, state: 'waiting' });
    await waitFor(() => receiver.received.length === 2, { ...PATIENCE, what: 'it again' });
    const [first, second] = receiver.received;
    expect(second?.body).toBe(first?.body);
    expect(second?.id).toBe(first?.id);
  });

  test('[WEBHOOK-07] redirects are not followed, and 410 ends it', async () => {
    const { gateway, client } = await aStage();
    const [receiver, other] = [await aReceiver(), await aReceiver()];
    await Promise.all([receiver.up(), other.up()]);
    receiver.answer = () => 302;
    receiver.headers = { location: other.url };
    const { id } = await client.create({ url: receiver.url, types: ['room.opened'] });
    expect(await client.test(id)).toMatchObject({ status: 302, state: 'dead' });
    expect(other.received).toEqual([]);
    receiver.answer = () => 410;
    await aVisit(gateway.url, 'a');
    await waitFor(async () => !(await client.get(id)).enabled, { what: 'it to be disabled' });
    expect((await client.get(id)).disabledWhy).toContain('410');
  });
});
