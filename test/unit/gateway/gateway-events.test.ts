import { describe, expect, test } from 'vitest';
import { controlEvents } from '../../../gateway/events/control-events.ts';
import { EventBus } from '../../../gateway/events/event-bus.ts';
import { eventIds } from '../../../gateway/events/event-id.ts';
import { NodeEvents } from '../../../gateway/events/node-events.ts';
import { SessionEvents } from '../../../gateway/events/session-events.ts';
import type { ViewerId } from '../../../gateway/protocol/control.ts';
import { GatewayEvent } from '../../../gateway/protocol/gateway-event.ts';
import { aCore, aRoom, aSource } from '../../support/gateway/a-gateway-core.ts';
import { aKeepingLogger } from '../../support/store/a-store.ts';

/** A bus with what it told; each event is held against the schema. */
function aBus() {
  const { log, lines } = aKeepingLogger();
  const clock = { now: 1_800_000_000_000 };
  const bus = new EventBus({ log, now: () => clock.now });
  const told: GatewayEvent[] = [];
  bus.subscribe((event) => void told.push(GatewayEvent.parse(event)));
  const types = (): string[] => told.splice(0).map(({ type }) => type);
  return { bus, clock, told, types, lines };
}

async function aStage() {
  const core = await aCore({ withoutPublisher: 'wait' });
  const stage = aBus();
  core.observers.push(new SessionEvents(stage.bus, () => core.clock.now));
  return { core, ...stage };
}

describe('events of sessions', () => {
  test('[EVENT-20] tell of a room, its sources and its sessions from first to last', async () => {
    const { core, types } = await aStage();
    const viewer = await core.play();
    expect(types()).toEqual(['room.opened', 'session.opened']);
    const publisher = await core.publish();
    core.sessions.setLive(publisher);
    expect(types()).toEqual(['session.opened', 'session.live', 'source.started']);
    await core.sessions.end(publisher, 'client');
    expect(types()).toEqual(['session.ended', 'source.ended']);
    await core.sessions.end(viewer, 'left');
    expect(types()).toEqual(['session.ended', 'room.closed']);
  });

  test('say who, where, why and how long', async () => {
    const { core, told } = await aStage();
    const publisher = await core.publish();
    core.clock.now += 100;
    core.sessions.setLive(publisher);
    core.clock.now += 5_000;
    await core.sessions.end(publisher, 'kicked');
    const place = { room: 'demo', source: 'main' };
    const who = { subject: 'anna', transport: 'webrtc' };
    const ended = { reason: 'kicked', durationMs: 5_000 };
    expect(told.slice(-3)).toMatchObject([
      { ...place, session: publisher.id, data: { ...who, kind: 'publish', ...ended } },
      { type: 'source.ended', ...place, data: { subject: 'anna', ...ended } },
      { type: 'room.closed', room: 'demo' },
    ]);
  });

  test('say nothing of an offer that was refused', async () => {
    const { core, types } = await aStage();
    core.node.onOffer = () => false;
    await expect(core.publish()).rejects.toThrow();
    expect(types()).toEqual([]);
  });

  test('do not end a source that goes on in another mode', async () => {
    const { core, types } = await aStage();
    const byWebRtc = await core.publish();
    core.sessions.setLive(byWebRtc);
    const { room, source, grant, address } = byWebRtc;
    const wish = { kind: 'publish' as const, room, source, grant, address };
    const bySocket = core.sessions.openBySocket(wish, { release: () => undefined });
    types();
    await core.sessions.end(byWebRtc, 'client');
    expect(types()).toEqual(['session.ended']);
    await core.sessions.end(bySocket, 'client');
    expect(types()).toEqual(['session.ended', 'source.ended', 'room.closed']);
  });
});

describe('the bus', () => {
  test('[EVENT-21] numbers events so that their ids sort as they came', () => {
    const clock = { now: 1_800_000_000_000 };
    const next = eventIds(() => clock.now);
    const ids = Array.from({ length: 20_000 }, (_, index) => {
      if (index === 9_000) clock.now -= 60_000;
      if (index === 15_000) clock.now += 120_000;
      return next();
    });
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('tells the others when one listener fails, and nobody who left', () => {
    const { bus, types, lines } = aBus();
    const heard: string[] = [];
    bus.subscribe(() => {
      throw new Error('full');
    });
    const leave = bus.subscribe(({ type }) => void heard.push(type));
    bus.publish({ type: 'room.opened', room: aRoom('demo'), data: {} });
    leave();
    bus.publish({ type: 'room.closed', room: aRoom('demo'), data: {} });
    expect(types()).toEqual(['room.opened', 'room.closed']);
    expect(heard).toEqual(['room.opened']);
    expect(lines).toHaveLength(2);
  });
});

test('events of control tell who got it and who lost it, not what was refused', () => {
  const { bus, told } = aBus();
  const observer = controlEvents(bus);
  const place = { room: aRoom('demo'), source: aSource('host') };
  const who = { viewer: 'v1' as ViewerId, name: 'Anna', subject: 'anna' };
  const change = { place, who, devices: ['pointer' as const], by: null };
  observer.changed({ ...change, change: 'asked' });
  observer.changed({ ...change, change: 'taken', by: 'root' });
  observer.changed({ ...change, change: 'denied' });
  observer.changed({ ...change, change: 'policy', who: null });
  observer.refused('no-host');
  expect(told).toMatchObject([
    { type: 'control.granted', ...place, data: { ...who, how: 'asked', by: null } },
    { type: 'control.ended', ...place, data: { ...who, why: 'taken', by: 'root' } },
  ]);
});

test('events of nodes come in pairs, whatever happens to them', async () => {
  const core = await aCore();
  const { bus, types } = aBus();
  const nodes = new NodeEvents(bus);
  const [known] = core.nodes.list();
  if (known?.identity == null) throw new Error('there is one, and it has said who it is');
  nodes.lost(known);
  nodes.ready(known);
  nodes.ready(known);
  expect(types()).toEqual(['node.up']);
  known.identity = { ...known.identity, service: 'another' };
  nodes.ready(known);
  expect(types()).toEqual(['node.down', 'node.up']);
  nodes.lost(known);
  nodes.lost(known);
  expect(types()).toEqual(['node.down']);
});
