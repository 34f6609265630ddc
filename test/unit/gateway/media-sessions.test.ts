import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Expiry } from '../../../gateway/rooms/expiry.ts';
import { aGrant, aRoom, aSource } from '../../support/gateway/a-gateway-core.ts';
import { aClaim, aMediaStage } from '../../support/gateway/a-media-desk.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ROOM = aRoom('demo');
const SOURCE = aSource('main');
const ben = aGrant({ subject: 'ben' });
const failing = (code: string) => expect.objectContaining({ code }) as Error;

describe('a media socket', () => {
  test('[MEDIA-30] is a session that lives at once, welcomed with its secret', async () => {
    const { core, ...stage } = await aMediaStage().then((it) => ({
      core: it.core,
      watcher: it.watchBySocket(),
      publisher: it.publishBySocket(),
    }));
    const { watcher, publisher } = stage;
    expect(core.events).toEqual(['opened watch', 'live watch', 'opened publish', 'live publish']);
    expect(watcher.channel.told[0]).toEqual({
      type: 'media/welcome',
      session: watcher.session.secret,
    });
    expect(publisher.session.toView()).toMatchObject({
      kind: 'publish',
      state: 'live',
      transport: 'websocket',
      node: 'websocket',
      liveAt: core.clock.now,
    });
    expect(core.node.offers).toEqual([]);
    watcher.seat.release('left');
    watcher.seat.release('client');
    expect(core.events.at(-1)).toBe('ended watch left');
    publisher.seat.release('broke-protocol');
    expect([core.registry.size, core.registry.roomCount]).toEqual([0, 0]);
    expect([watcher.channel.dismissed, publisher.channel.dismissed]).toEqual([null, 'ended']);
  });

  test('[MEDIA-41] counts with all other sessions against their limits', async () => {
    const whole = await aMediaStage({ maxSessions: 2 });
    await whole.core.publish();
    whole.publishBySocket();
    expect(() => whole.desk.admit(aClaim())).toThrow(failing('capacity'));
    expect(() => whole.watchBySocket()).toThrow(failing('capacity'));
    await expect(whole.core.play()).rejects.toEqual(failing('capacity'));
    whole.publishBySocket();
    const room = await aMediaStage({ maxViewersPerRoom: 1 });
    room.watchBySocket();
    expect(() => room.desk.admit(aClaim({ source: aSource('screen') }))).toThrow(
      failing('capacity'),
    );
    const subject = await aMediaStage({ maxSessionsPerSubject: 1 });
    subject.watchBySocket();
    expect(() => subject.desk.admit(aClaim())).toThrow(failing('too-many-sessions'));
    subject.desk.admit(aClaim({ grant: ben }));
  });

  test('[MEDIA-41] publishes also while publishers by WebRTC are not connected yet', async () => {
    const stage = await aMediaStage({ maxHalfOpenPerSubject: 1 });
    await stage.core.publish();
    stage.publishBySocket();
    stage.publishBySocket({ source: aSource('screen') });
  });

  test('[MEDIA-41] finds no place when the gateway stops', async () => {
    const stage = await aMediaStage();
    const { channel } = stage.watchBySocket();
    await stage.core.sessions.close();
    expect(channel.dismissed).toBe('shutdown');
    expect(() => stage.desk.admit(aClaim())).toThrow(failing('shutting-down'));
  });

  test('[MEDIA-39] outlives the nodes, and no hook ends it', async () => {
    const stage = await aMediaStage();
    const { core } = stage;
    stage.watchBySocket();
    await core.publish();
    core.node.service = 'run-2';
    await core.watch.check();
    expect(core.events.at(-1)).toBe('ended publish node-lost');
    core.node.away = new Error('away');
    for (let checks = 0; checks < 5; checks += 1) await core.watch.check();
    stage.publishBySocket();
    expect(core.registry.size).toBe(2);
    expect(core.registry.load(core.node)).toBe(0);
  });
});

describe('a source', () => {
  test('[MEDIA-31] belongs to one subject, whichever way it is published', async () => {
    const stage = await aMediaStage();
    const socket = stage.publishBySocket();
    await expect(stage.core.publish({ grant: ben })).rejects.toEqual(failing('source-busy'));
    expect(() => stage.desk.admit(aClaim({ side: 'publish', grant: ben }))).toThrow(
      failing('source-busy'),
    );
    expect(() => stage.publishBySocket({ grant: ben })).toThrow(failing('source-busy'));
    await stage.core.publish();
    socket.seat.release('client');
    expect(() => stage.publishBySocket({ grant: ben })).toThrow(failing('source-busy'));
    expect(stage.core.node.offers).toHaveLength(1);
    stage.publishBySocket({ grant: ben, source: aSource('screen') });
  });

  test('[MEDIA-32] has a publisher of one subject in each mode, side by side', async () => {
    const { core, ...stage } = await aMediaStage().then((it) => ({
      core: it.core,
      socket: it.publishBySocket(),
    }));
    const whip = await core.publish();
    core.sessions.setLive(whip);
    const room = core.registry.room(ROOM);
    expect(room?.publishersOf(SOURCE)).toHaveLength(2);
    expect(room?.toView()).toMatchObject([
      { live: true, transports: ['webrtc', 'websocket'], video: 'h264', viewers: 0 },
    ]);
    await core.sessions.end(whip, 'left');
    expect(room?.toView()).toMatchObject([
      { live: true, transports: ['websocket'], video: null, sinceMs: core.clock.now },
    ]);
    expect(stage.socket.channel.dismissed).toBeNull();
  });

  test('[MEDIA-32] goes to the newer socket of its subject, and who watches hears of no gap', async () => {
    const stage = await aMediaStage();
    const older = stage.publishBySocket();
    const { channel } = stage.watchBySocket();
    const newer = stage.publishBySocket();
    expect(older.channel.dismissed).toBe('replaced');
    expect(newer.channel.dismissed).toBeNull();
    expect(stage.core.registry.room(ROOM)?.publisherOf(SOURCE, 'websocket')).toBe(newer.session);
    expect(channel.heard('media/state')).toEqual([
      { type: 'media/state', publishing: true, webrtc: false },
    ]);
  });

  test('[MEDIA-33] that is there by WebSocket alone is refused to WHEP, which says so', async () => {
    const stage = await aMediaStage();
    await expect(stage.core.play()).rejects.toMatchObject({
      code: 'no-publisher',
      transports: undefined,
    });
    stage.publishBySocket();
    await expect(stage.core.play()).rejects.toMatchObject({
      code: 'no-publisher',
      transports: ['websocket'],
      retryAfterSeconds: 2,
    });
    stage.watchBySocket();
    await stage.core.publish();
    await stage.core.play();
  });
});

describe('whoever watches by a socket', () => {
  test('[MEDIA-35] hears of publishers in both modes, of changes alone, and stays', async () => {
    const stage = await aMediaStage();
    const { channel } = stage.watchBySocket();
    const whip = await stage.core.publish();
    stage.core.sessions.setLive(whip);
    const socket = stage.publishBySocket();
    await stage.core.sessions.end(whip, 'left');
    socket.seat.release('left');
    const states = channel
      .heard('media/state')
      .map(({ publishing, webrtc }) => [publishing, webrtc]);
    expect(states).toEqual([
      [false, false],
      [false, true],
      [true, true],
      [true, false],
      [false, false],
    ]);
    expect(channel.dismissed).toBeNull();
  });

  test('[MEDIA-36] counts with all others, and is told how many they are once a second', async () => {
    const stage = await aMediaStage({ withoutPublisher: 'wait' });
    const { channel } = stage.watchBySocket();
    const counts = () => channel.heard('media/viewers').map(({ count }) => count);
    expect(counts()).toEqual([1]);
    for (let more = 0; more < 3; more += 1) stage.watchBySocket({ grant: ben });
    const whep = await stage.core.play();
    stage.watchBySocket({ source: aSource('screen') });
    expect(stage.core.registry.room(ROOM)?.toView()).toMatchObject([
      { source: 'main', viewers: 5 },
      { source: 'screen', viewers: 1 },
    ]);
    expect(counts()).toEqual([1]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(counts()).toEqual([1, 5]);
    await stage.core.sessions.end(whep, 'client');
    await vi.advanceTimersByTimeAsync(1000);
    expect(counts()).toEqual([1, 5, 4]);
    expect(stage.core.audiences.size).toBe(2);
  });

  test('[MEDIA-36] leaves nothing behind', async () => {
    const stage = await aMediaStage();
    const { seat, channel } = stage.watchBySocket();
    seat.release('left');
    stage.publishBySocket().seat.release('client');
    expect(channel.heard('media/state')).toHaveLength(1);
    expect([stage.core.audiences.size, stage.sources.size, stage.core.registry.size]).toEqual([
      0, 0, 0,
    ]);
  });
});

describe('the end of a media socket', () => {
  test('[MEDIA-37] is its session’s: kicked, or ended by its secret', async () => {
    const stage = await aMediaStage();
    const [kicked, ended] = [stage.watchBySocket(), stage.watchBySocket()];
    await stage.core.sessions.kick(kicked.session);
    await stage.core.sessions.end(ended.session, 'client');
    expect([kicked.channel.dismissed, ended.channel.dismissed]).toEqual(['kicked', 'ended']);
    expect(stage.core.registry.endingOf(kicked.session.secret)).toBe('kicked');
    expect(stage.core.audiences.size).toBe(0);
  });

  test('[MEDIA-37] comes with that of its token', async () => {
    const stage = await aMediaStage();
    const { core } = stage;
    const expired = stage.watchBySocket({ grant: aGrant({ expiresAt: core.clock.now + 1 }) });
    const revoked = stage.publishBySocket({ grant: ben });
    const other = stage.watchBySocket();
    const expiry = new Expiry({
      sessions: core.sessions,
      isRevoked: ({ subject }) => subject === 'ben',
      now: () => core.clock.now,
    });
    core.clock.now += 1;
    expiry.sweep();
    expect([expired, revoked, other].map(({ channel }) => channel.dismissed)).toEqual([
      'expired',
      'revoked',
      null,
    ]);
  });

  test('[MEDIA-37] by a kick ends what the publisher sends in the other mode, and its host', async () => {
    for (const kicked of ['webrtc', 'websocket'] as const) {
      const stage = await aMediaStage();
      const machine = { grant: aGrant({ subject: 'machine' }) };
      const host = stage.join();
      const socket = stage.publishBySocket(machine);
      const whip = await stage.core.publish(machine);
      const viewer = stage.watchBySocket();
      await stage.core.sessions.kick(kicked === 'webrtc' ? whip : socket.session);
      expect([socket.channel.dismissed, host.channel.dismissed]).toEqual(['kicked', 'kicked']);
      expect(whip.state).toMatchObject({ reason: 'kicked' });
      expect(stage.core.node.released).toHaveLength(1);
      expect(viewer.channel.dismissed).toBeNull();
    }
  });
});
