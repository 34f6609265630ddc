import { expect, test } from 'vitest';
import { SessionSecret } from '../../../gateway/protocol/ids.ts';
import { aCore, aGrant, aRoom, aSource } from '../../support/gateway/a-gateway-core.ts';

test('a session is found by each of its names, and by none when it ended', async () => {
  const { registry, sessions, ...core } = await aCore().then((core) => ({
    registry: core.registry,
    sessions: core.sessions,
    node: core.node,
    publish: () => core.publish(),
  }));
  const session = await core.publish();
  const place = session.place ?? { service: '', clientId: '' };
  const all = () => [
    registry.byId(session.id),
    registry.bySecret(session.secret),
    registry.byPlace(place),
    registry.room(session.room)?.publisherOf(session.source, 'webrtc'),
  ];
  expect(all()).toEqual([session, session, session, session]);
  expect([registry.size, registry.roomCount, registry.load(core.node)]).toEqual([1, 1, 1]);
  await sessions.end(session, 'client');
  expect(all()).toEqual([undefined, undefined, undefined, undefined]);
  expect([registry.size, registry.roomCount, registry.load(core.node)]).toEqual([0, 0, 0]);
  expect(registry.delete(session)).toBe(false);
});

test('why a session ended is remembered for whoever holds its secret', async () => {
  const core = await aCore();
  const session = await core.publish();
  await core.sessions.end(session, 'expired');
  expect(core.registry.endingOf(session.secret)).toBe('expired');
  expect(core.registry.endingOf(SessionSecret.parse('another'))).toBeUndefined();
});

test('ids are shown and give nothing; secrets have 192 bits and are in no view', async () => {
  const core = await aCore();
  const session = await core.publish();
  expect(session.id).toMatch(/^[0-9a-f]{16}$/);
  expect(session.secret).toMatch(/^[\w-]{32}$/);
  expect(JSON.stringify(session.toView())).not.toContain(session.secret);
});

test('a room shows its sources in order, and who watches each', async () => {
  const core = await aCore();
  for (const source of ['screen', 'camera']) await core.publish({ source: aSource(source) });
  for (let viewers = 0; viewers < 3; viewers += 1) await core.play({ source: aSource('screen') });
  core.sessions.setLive(
    core.registry.room(aRoom('demo'))?.publisherOf(aSource('screen'), 'webrtc') ??
      (await core.publish()),
  );
  expect(core.registry.room(aRoom('demo'))?.toView()).toEqual([
    {
      source: 'camera',
      live: false,
      transports: [],
      viewers: 0,
      video: 'h264',
      audio: 'opus',
      sinceMs: null,
    },
    {
      source: 'screen',
      live: true,
      transports: ['webrtc'],
      viewers: 3,
      video: 'h264',
      audio: 'opus',
      sinceMs: core.clock.now,
    },
  ]);
});

test('500 rooms come and go without a trace', async () => {
  const core = await aCore({ maxSessions: 1000 });
  for (let index = 0; index < 500; index += 1) {
    const room = aRoom(`room-${index}`);
    await core.publish({ room, grant: aGrant({ room }) });
  }
  expect(core.registry.roomCount).toBe(500);
  await core.sessions.close();
  expect([core.registry.roomCount, core.registry.size]).toEqual([0, 0]);
  expect(core.registry.count('publish', 'webrtc')).toBe(0);
});
