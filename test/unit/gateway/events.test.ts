import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventStreams } from '../../../gateway/events/event-streams.ts';
import type { EventStream } from '../../../gateway/events/event-stream.ts';
import type { Session } from '../../../gateway/rooms/session.ts';
import { aCore, aGrant, aRoom, aSource } from '../../support/gateway/a-gateway-core.ts';
import { refusalOf } from '../../support/sdp/refusal.ts';

/** A core whose sessions have event streams. */
async function aStage({ maxStreams = 100, hosted = false } = {}) {
  const core = await aCore({
    withoutPublisher: 'wait',
    maxSessions: 2000,
    maxViewersPerRoom: 2000,
    maxSessionsPerRoom: 2000,
    maxSessionsPerSubject: 2000,
    maxHalfOpenPerSubject: 2000,
  });
  const counts: number[] = [];
  const events = new EventStreams({
    maxStreams,
    registry: core.registry,
    audiences: core.audiences,
    onCount: (count) => void counts.push(count),
    hasHost: () => hosted,
  });
  core.observers.push(events);
  return { core, events, counts };
}

type Stage = Awaited<ReturnType<typeof aStage>>;

async function aLivePublisher({ core }: Stage): Promise<Session> {
  const session = await core.publish();
  core.sessions.setLive(session);
  return session;
}

function subscribe({ events }: Stage, session: Session, names?: readonly string[]): EventStream {
  const id = events.announcement(session)?.id ?? '';
  return events.subscribe(id, { names, endpoint: 'https://cast.test/whep/demo/main' });
}

/** What a connection to this stream reads from now on: names and data. */
function read(stream: EventStream) {
  const reader = { text: '', state: 'open', all: (): string[] => parse(reader.text) };
  stream.attach({
    write: (text) => {
      reader.text += text;
      return true;
    },
    end: () => void (reader.state = 'ended'),
    destroy: () => void (reader.state = 'destroyed'),
  });
  return reader;
}

const parse = (text: string): string[] =>
  [...text.matchAll(/^event: (.*)\ndata: (.*)$/gm)].map(([, name = '', data = '']) => name + data);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Everything that was pushed is written. */
const settle = () => vi.advanceTimersByTimeAsync(1);

describe('EventStreams', () => {
  it('[EVENT-01] announces a capability to who watches, with its events', async () => {
    const stage = await aStage();
    await aLivePublisher(stage);
    const viewer = await stage.core.play();
    const { events } = stage;
    expect(events.announcement(viewer)?.names).toEqual([
      'active',
      'inactive',
      'viewercount',
      'reconnect',
    ]);
  });

  it('[EVENT-08] has capabilities of their own, each of 128 bits and more', async () => {
    const stage = await aStage();
    const viewer = await stage.core.play();
    const id = stage.events.announcement(viewer)?.id ?? '';
    const ids = [id, subscribe(stage, viewer).id, subscribe(stage, viewer).id, viewer.secret];
    expect(new Set(ids).size).toBe(4);
    for (const one of ids) expect(Buffer.from(one, 'base64url').length).toBeGreaterThanOrEqual(16);
    expect(ids).not.toContain(viewer.id);
  });

  it('[EVENT-05] tells of a publisher that is live, stops and comes back', async () => {
    const stage = await aStage();
    const publisher = await aLivePublisher(stage);
    const viewer = await stage.core.play();
    const reader = read(subscribe(stage, viewer, ['active', 'inactive']));
    expect(reader.all()).toEqual(['active{}']);
    await stage.core.sessions.end(publisher, 'left');
    await aLivePublisher(stage);
    await settle();
    expect(reader.all()).toEqual(['active{}', 'inactive{}', 'active{}']);
  });

  it('[EVENT-05] says nothing before the first publisher, nor of one that never came up', async () => {
    const stage = await aStage();
    const viewer = await stage.core.play();
    const reader = read(subscribe(stage, viewer, ['active', 'inactive']));
    const publisher = await stage.core.publish();
    await settle();
    await stage.core.sessions.end(publisher, 'never-connected');
    await settle();
    expect(reader.all()).toEqual([]);
  });

  it('[EVENT-05] tells of one source only to those who watch it', async () => {
    const stage = await aStage();
    const viewer = await stage.core.play({ source: aSource('camera') });
    const reader = read(subscribe(stage, viewer, ['active']));
    await aLivePublisher(stage);
    await settle();
    expect(reader.all()).toEqual([]);
  });

  it('[EVENT-07] tells the viewer count at once, then at most once a second', async () => {
    const stage = await aStage();
    const reader = read(subscribe(stage, await stage.core.play(), ['viewercount']));
    await vi.advanceTimersByTimeAsync(1000);
    const more: Session[] = [];
    for (let n = 0; n < 5; n += 1) more.push(await stage.core.play());
    await settle();
    expect(reader.all()).toEqual(['viewercount{"viewercount":1}', 'viewercount{"viewercount":2}']);
    await vi.advanceTimersByTimeAsync(998);
    expect(reader.all()).toHaveLength(2);
    await settle();
    await settle();
    expect(reader.all().at(-1)).toBe('viewercount{"viewercount":6}');
    for (const session of more) await stage.core.sessions.end(session, 'left');
    await vi.advanceTimersByTimeAsync(1000);
    await settle();
    expect(reader.all().at(-1)).toBe('viewercount{"viewercount":1}');
    expect(reader.all()).toHaveLength(4);
  });

  it('[MEDIA-36] counts who watches by a socket too, and tells of publishers by WebRTC alone', async () => {
    const stage = await aStage();
    const { core } = stage;
    const reader = read(subscribe(stage, await core.play()));
    await vi.advanceTimersByTimeAsync(1000);
    const wish = { room: aRoom('demo'), source: aSource('main'), grant: aGrant(), address: '' };
    const carrier = { release: () => undefined };
    const viewer = core.sessions.openBySocket({ kind: 'watch', ...wish }, carrier);
    const publisher = core.sessions.openBySocket({ kind: 'publish', ...wish }, carrier);
    await settle();
    await core.sessions.end(publisher, 'left');
    expect(stage.events.announcement(viewer)).toBeUndefined();
    await settle();
    expect(reader.all()).toEqual(['viewercount{"viewercount":1}', 'viewercount{"viewercount":2}']);
    await core.sessions.end(viewer, 'left');
    await vi.advanceTimersByTimeAsync(1000);
    expect(reader.all().at(-1)).toBe('viewercount{"viewercount":1}');
  });

  it.each(['node-lost', 'shutdown'] as const)(
    '[EVENT-07] asks viewers to come again when the end is %s',
    async (reason) => {
      const stage = await aStage();
      const viewer = await stage.core.play();
      const reader = read(subscribe(stage, viewer, ['reconnect']));
      await stage.core.sessions.end(viewer, reason);
      expect(reader.all()).toEqual(['reconnect{"url":"https://cast.test/whep/demo/main"}']);
      expect(reader.state).toBe('ended');
    },
  );

  describe('[EVENT-27] a node that is lost with a publisher and its viewers', () => {
    /** Its viewer and its publisher, who ends in this turn. */
    async function aLostSource(stage: Stage, first: 'publisher' | 'viewer') {
      const publisher = await aLivePublisher(stage);
      const viewer = await stage.core.play();
      const reader = read(subscribe(stage, viewer, ['active', 'inactive', 'reconnect']));
      const gone = first === 'publisher' ? [publisher, viewer] : [viewer, publisher];
      for (const session of gone) await stage.core.sessions.end(session, 'node-lost');
      await settle();
      return { viewer, reader };
    }

    it.each(['publisher', 'viewer'] as const)(
      'asks viewers to come again when somebody publishes (%s first)',
      async (first) => {
        const stage = await aStage();
        const { reader } = await aLostSource(stage, first);
        expect(reader.all()).toEqual(['active{}', 'inactive{}']);
        await vi.advanceTimersByTimeAsync(5_000);
        expect(reader.all()).toHaveLength(2);
        await aLivePublisher(stage);
        await vi.advanceTimersByTimeAsync(20);
        expect(reader.all().slice(2)).toEqual([
          'reconnect{"url":"https://cast.test/whep/demo/main","live":true}',
        ]);
        expect(reader.state).toBe('ended');
        expect(stage.counts.at(-1)).toBe(0);
        await vi.advanceTimersByTimeAsync(10_000);
        expect(vi.getTimerCount()).toBe(0);
      },
    );

    it('asks them after ten seconds all the same', async () => {
      const stage = await aStage();
      const { reader } = await aLostSource(stage, 'publisher');
      await vi.advanceTimersByTimeAsync(9_900);
      expect(reader.state).toBe('open');
      await vi.advanceTimersByTimeAsync(200);
      expect(reader.all().slice(2)).toEqual([
        'reconnect{"url":"https://cast.test/whep/demo/main"}',
      ]);
      expect(reader.state).toBe('ended');
    });

    it('asks them at once where a host may publish for whoever watches', async () => {
      const stage = await aStage({ hosted: true });
      const { reader } = await aLostSource(stage, 'publisher');
      expect(reader.all().at(-1)).toContain('reconnect');
      expect(reader.state).toBe('ended');
    });

    it('asks five in 20 ms, so that a crowd does not come in one instant', async () => {
      const stage = await aStage();
      const publisher = await aLivePublisher(stage);
      const viewers: Session[] = [];
      for (let n = 0; n < 23; n += 1) viewers.push(await stage.core.play());
      const readers = viewers.map((viewer) => read(subscribe(stage, viewer, ['reconnect'])));
      for (const each of [publisher, ...viewers]) await stage.core.sessions.end(each, 'node-lost');
      await aLivePublisher(stage);
      const asked = (): number => readers.filter(({ state }) => state === 'ended').length;
      await vi.advanceTimersByTimeAsync(20);
      expect(asked()).toBeLessThanOrEqual(10);
      await vi.advanceTimersByTimeAsync(80);
      expect(asked()).toBe(23);
    });
  });

  it('[EVENT-26] asks a publisher to come again, and tells it nothing else', async () => {
    const stage = await aStage();
    const publisher = await aLivePublisher(stage);
    expect(stage.events.announcement(publisher)?.names).toEqual(['reconnect']);
    expect(refusalOf(() => subscribe(stage, publisher, ['active']))).toBe('bad-request');
    const reader = read(subscribe(stage, publisher));
    await stage.core.play();
    await settle();
    expect(reader.all()).toEqual([]);
    await stage.core.sessions.end(publisher, 'node-lost');
    expect(reader.all()).toEqual(['reconnect{"url":"https://cast.test/whep/demo/main"}']);
    expect(reader.state).toBe('ended');
    expect(stage.counts.at(-1)).toBe(0);
  });

  it('[EVENT-06] ends all streams with their session, and nobody is asked back', async () => {
    const stage = await aStage();
    const viewer = await stage.core.play();
    const id = stage.events.announcement(viewer)?.id ?? '';
    const [one, two] = [subscribe(stage, viewer), subscribe(stage, viewer)];
    const readers = [read(one), read(two)];
    await stage.core.sessions.end(viewer, 'kicked');
    for (const { state, text } of readers) {
      expect(state).toBe('ended');
      expect(text).not.toContain('reconnect');
    }
    expect(() => stage.events.stream(one.id)).toThrow(/no such/);
    expect(() => subscribe(stage, viewer)).toThrow(/no such/);
    expect(() => stage.events.sessionOf(id)).toThrow(/no such/);
    expect(stage.counts.at(-1)).toBe(0);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('[EVENT-06] knows a stream no more after it was given up', async () => {
    const stage = await aStage();
    const stream = subscribe(stage, await stage.core.play());
    const reader = read(stream);
    stage.events.unsubscribe(stream.id);
    expect(reader.state).toBe('ended');
    expect(() => stage.events.stream(stream.id)).toThrow(/no such/);
    expect(() => stage.events.unsubscribe(stream.id)).toThrow(/no such/);
  });

  it.each([
    ['layers'],
    ['scte35'],
    ['active\nevent: forged'],
    ['__proto__'],
    ['constructor'],
    [''],
  ])(
    '[EVENT-02] [HOSTILE-37] [HOSTILE-40] refuses %j, which was not announced, and opens no stream',
    async (name) => {
      const stage = await aStage();
      const viewer = await stage.core.play();
      expect(refusalOf(() => subscribe(stage, viewer, ['active', name]))).toBe('bad-request');
      expect(stage.counts).toEqual([]);
    },
  );

  it('[EVENT-10] opens at most two streams for a session', async () => {
    const stage = await aStage();
    const viewer = await stage.core.play();
    const first = subscribe(stage, viewer);
    subscribe(stage, viewer);
    expect(refusalOf(() => subscribe(stage, viewer))).toBe('rate-limited');
    stage.events.unsubscribe(first.id);
    subscribe(stage, viewer);
  });

  it('[HOSTILE-37] opens no more streams than it may, and forgets those that nobody reads', async () => {
    const stage = await aStage({ maxStreams: 3 });
    const viewers = [await stage.core.play(), await stage.core.play()] as const;
    subscribe(stage, viewers[0]);
    const kept = read(subscribe(stage, viewers[0]));
    subscribe(stage, viewers[1]);
    expect(refusalOf(() => subscribe(stage, viewers[1]))).toBe('capacity');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(stage.counts.at(-1)).toBe(1);
    expect(kept.state).toBe('open');
    subscribe(stage, viewers[1]);
  });

  it('[HOSTILE-37] writes to a large audience in turns, so that others are served between', async () => {
    vi.useRealTimers();
    const stage = await aStage({ maxStreams: 1000 });
    const readers: ReturnType<typeof read>[] = [];
    for (let n = 0; n < 1000; n += 1) {
      readers.push(read(subscribe(stage, await stage.core.play(), ['active'])));
    }
    const publisher = await stage.core.publish();
    stage.core.sessions.setLive(publisher);
    const served = (): number => readers.filter(({ text }) => text.includes('active')).length;
    expect(served()).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(served()).toBeLessThanOrEqual(200);
    await expect.poll(served).toBe(1000);
    await stage.core.sessions.close();
  });
});
