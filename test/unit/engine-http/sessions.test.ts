import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { edgeOf, type CompatLine } from '../../../srs/embedded/edge.ts';
import type { HookEvent, Hooks, HookSubject } from '../../../srs/embedded/hooks.ts';
import { Roster } from '../../../srs/embedded/roster.ts';
import { Sessions, type SessionRequest } from '../../../srs/embedded/sessions.ts';
import { SrsError } from '../../../srs/embedded/srs-error.ts';
import { streamName } from '../../../srs/embedded/stream-name.ts';
import { FakeMedia } from './fake-media.ts';

function start(line: CompatLine = 7) {
  const media = new FakeMedia();
  const roster = new Roster((id) => media.stats(id));
  const heard: { event: HookEvent; subject: HookSubject }[] = [];
  const answer = { refuse: false, gate: Promise.resolve() };
  const hooks = {
    ask: async (event: HookEvent, subject: HookSubject) => {
      heard.push({ event, subject });
      await answer.gate;
      if (answer.refuse) throw new SrsError(3064, 'refused');
    },
    tell: (event: HookEvent, subject: HookSubject) => void heard.push({ event, subject }),
  } as unknown as Hooks;
  const log = pino({ level: 'silent' });
  const sessions = new Sessions({ media, hooks, roster, edge: edgeOf(line), log, dvr: null });
  media.events = {
    connected: (id) => sessions.handleConnected(id),
    ended: (id, reason) => sessions.handleEnded(id, reason),
  };
  const events = (): HookEvent[] => heard.map(({ event }) => event);
  return { media, roster, sessions, answer, heard, events };
}

function request(kind: 'publish' | 'play', isWaiting: () => boolean = () => true): SessionRequest {
  return {
    offer: { kind, sdp: 'v=0', codec: 'auto', extraCandidates: [] },
    name: streamName('room', 'main'),
    param: 'app=room&stream=main',
    ip: '192.0.2.1',
    isWaiting,
  };
}

describe('a publisher', () => {
  test('claims its name before anything is awaited', async () => {
    const { sessions, events } = start();
    const first = sessions.open(request('publish'));
    await expect(sessions.open(request('publish'))).rejects.toMatchObject({ code: 1028 });
    await first;
    expect(events()).toEqual(['publish']);
  });

  test('gives the name back when its offer cannot be served', async () => {
    const { media, sessions, events } = start();
    media.refuseWith = 5018;
    await expect(sessions.open(request('publish'))).rejects.toMatchObject({ code: 5018 });
    media.refuseWith = null;
    await sessions.open(request('publish'));
    expect(events()).toEqual(['publish']);
  });

  test('refused as SRS 7: nothing is left, nothing is told', async () => {
    const { media, roster, sessions, answer, events } = start(7);
    answer.refuse = true;
    await expect(sessions.open(request('publish'))).rejects.toMatchObject({ code: 1102 });
    expect(media.closed).toEqual(['media-1']);
    expect(roster.clientCount()).toBe(0);
    expect(events()).toEqual(['publish']);
  });

  test('refused as SRS 6: busy until the sweep, which is told', async () => {
    const { media, roster, sessions, answer, events } = start(6);
    answer.refuse = true;
    await expect(sessions.open(request('publish'))).rejects.toMatchObject({ code: 3064 });
    await expect(sessions.open(request('publish'))).rejects.toMatchObject({ code: 5020 });
    media.end('media-1', 'timeout');
    expect(events()).toEqual(['publish', 'unpublish']);
    expect(roster.streamCount()).toBe(0);
  });

  test('that leaves while its hook is pending is ended at once, and told', async () => {
    const { media, sessions, events } = start();
    await expect(sessions.open(request('publish', () => false))).rejects.toMatchObject({
      code: 5036,
    });
    expect(media.closed).toEqual(['media-1']);
    expect(events()).toEqual(['publish', 'unpublish']);
  });

  test('swept while its hook is pending is not answered as if it lived', async () => {
    const { media, sessions, answer, events } = start();
    const gate = Promise.withResolvers<undefined>();
    answer.gate = gate.promise.then(() => undefined);
    const opening = sessions.open(request('publish'));
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    media.end('media-1', 'timeout');
    gate.resolve(undefined);
    await expect(opening).rejects.toMatchObject({ code: 5036 });
    expect(events()).toEqual(['publish', 'unpublish']);
  });

  test('is replaced at once after a kick, and viewers stay', async () => {
    const { media, roster, sessions } = start();
    await sessions.open(request('play'));
    await sessions.open(request('publish'));
    const [publisher] = roster.clients().filter((client) => client.kind === 'publish');
    expect(sessions.kick(publisher?.id ?? '')).toBe(true);
    await sessions.open(request('publish'));
    expect([...media.offers.values()].map((offer) => offer.kind)).toEqual(['play', 'publish']);
  });
});

describe('ends', () => {
  test('are told once, whoever came first', async () => {
    const { media, sessions, events } = start();
    const { username, token } = await sessions.open(request('play'));
    sessions.remove(username, token);
    media.end('media-1', 'peer');
    sessions.remove(username, token);
    expect(events()).toEqual(['play', 'stop']);
  });

  test('by Location need its token; unknown sessions are fine', async () => {
    const { sessions } = start();
    const { username } = await sessions.open(request('publish'));
    expect(() => sessions.remove(username, 'wrong')).toThrow(SrsError);
    expect(() => sessions.remove(username, '')).toThrow(SrsError);
    expect(() => sessions.remove('nobody:here', 'x')).not.toThrow();
    expect(() => sessions.remove('nobody:here', '')).toThrow(SrsError);
  });
});

test('[SRS-8] every session has a client id of its own, and a stream keeps its bytes', async () => {
  const { media, roster, sessions, heard } = start();
  await sessions.open(request('publish'));
  const { username, token } = await sessions.open(request('play'));
  media.events.connected('media-1');
  media.counters = { connected: true, sendBytes: 10, recvBytes: 7, frames: 3 };
  roster.count();
  sessions.remove(username, token);
  const [stream] = roster.streams();
  expect(stream?.publisher?.active).toBe(true);
  expect(stream?.videoFrames).toBe(3);
  expect(stream?.meter).toMatchObject({ sentBytes: 20, receivedBytes: 14 });
  expect(new Set(heard.map(({ subject }) => subject.clientId)).size).toBe(2);
});
