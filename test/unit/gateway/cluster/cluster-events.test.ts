import { beforeEach, expect, test, vi } from 'vitest';
import { ClusterEvents } from '../../../../gateway/events/cluster-events.ts';
import { EventBus } from '../../../../gateway/events/event-bus.ts';
import type { GatewayEvent } from '../../../../gateway/protocol/gateway-event.ts';
import type { RoomId } from '../../../../gateway/protocol/ids.ts';
import { aKeepingLogger } from '../../../support/store/a-store.ts';

const room = 'demo' as RoomId;
const { log } = aKeepingLogger();

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

/** A gateway, what it told, and how it is told something. */
function aGateway() {
  const own = new EventBus({ log, now: Date.now });
  const everywhere = new EventBus({ log, now: Date.now });
  const told: string[] = [];
  const heard: GatewayEvent[] = [];
  let hear: (text: string) => void = () => undefined;
  const events = new ClusterEvents(
    { own, everywhere },
    {
      tell: (_topic, text) => Promise.resolve(told.push(text) > 0),
      hear: (_topic, listener) => (hear = (text) => listener(text, 'gateway-2')),
    },
  );
  everywhere.subscribe((event) => heard.push(event));
  return { own, told, heard, events, hear: (text: string) => hear(text) };
}

const opened = { type: 'room.opened', room, data: {} } as const;

test('[CLUSTER-66] what happens in rooms is told to other gateways later and together, and here at once', async () => {
  const { own, told, heard } = aGateway();
  const events = [own.publish(opened), own.publish(opened)];
  expect(heard).toEqual(events);
  await vi.advanceTimersByTimeAsync(19);
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  own.publish(opened);
  await vi.advanceTimersByTimeAsync(20);
  expect(told.map((text) => JSON.parse(text) as unknown)).toMatchObject([events, [opened]]);
});

test('[CLUSTER-66] a hundred events wait no longer', () => {
  const { own, told } = aGateway();
  for (let count = 0; count < 199; count += 1) own.publish(opened);
  expect(told.map((text) => (JSON.parse(text) as unknown[]).length)).toEqual([100]);
});

test('[CLUSTER-66] what was not told yet is told before a gateway stops, once', async () => {
  const { own, told, events } = aGateway();
  own.publish(opened);
  await events.flush();
  await vi.advanceTimersByTimeAsync(100);
  expect(told).toHaveLength(1);
});

test('[CLUSTER-66] of what others tell only what is known here is heard, and nothing is told again', async () => {
  const { told, heard, hear } = aGateway();
  const { own } = aGateway();
  const known = own.publish(opened);
  const later = { ...known, type: 'room.painted' };
  for (const text of ['', '{', '{}', 'null', '[null]', JSON.stringify(known)]) hear(text);
  hear(JSON.stringify([later, known]));
  await vi.advanceTimersByTimeAsync(100);
  expect([heard, told]).toEqual([[known], []]);
});
