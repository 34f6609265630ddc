import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SourceView } from '../../../gateway/protocol/api/rooms.ts';
import { DEFAULT_SOURCE } from '../../../gateway/protocol/ids.ts';
import { WhepClient } from '../../../web/core/whep-client.ts';
import { FakeBrowser, created, ended, refused, type SeenRequest } from './fake-browser.ts';

const LINK =
  '<https://cast.test/events/cap>; rel="urn:ietf:params:whep:ext:core:server-sent-events"; events="active,inactive,viewercount,reconnect"';

const streamCreated = (): Response =>
  new Response(null, { status: 201, headers: { Location: '/events/streams/one' } });

/** A server with event streams. */
function healthy({ method, url }: SeenRequest): Response {
  if (url.includes('/events/')) return streamCreated();
  if (method === 'POST') return created('https://cast.test/sessions/abc', LINK);
  return new Response(null, { status: method === 'GET' ? 204 : 200 });
}

let source: SourceView | 'absent' | null = null;
let asked = 0;

function whole(reading: typeof source): SourceView {
  if (reading === null || reading === 'absent') throw new Error('no source');
  return reading;
}

async function aLiveViewer(answer: FakeBrowser['answer'] = healthy) {
  const browser = new FakeBrowser(answer);
  const client = new WhepClient(
    {
      endpoint: 'https://cast.test/whep/demo',
      token: 'tok',
      readSource: () => {
        asked += 1;
        return Promise.resolve(source);
      },
    },
    browser,
  );
  client.start();
  await vi.advanceTimersByTimeAsync(0);
  browser.connection.become('connected');
  browser.connection.decode(1);
  await vi.advanceTimersByTimeAsync(100);
  expect(client.state.value).toEqual({ kind: 'live' });
  return { browser, client, stream: browser.eventSources[0] };
}

/** The same with its event stream open and the publisher announced. */
async function aToldViewer() {
  const { stream, ...viewer } = await aLiveViewer();
  if (stream === undefined) throw new Error('no event stream was opened');
  stream.open();
  stream.say('active');
  return { ...viewer, stream };
}

beforeEach(() => {
  vi.useFakeTimers();
  asked = 0;
  source = {
    source: DEFAULT_SOURCE,
    live: true,
    transports: ['webrtc'],
    viewers: 1,
    video: 'H264',
    audio: 'opus',
    sinceMs: 0,
  };
});
afterEach(() => vi.useRealTimers());

describe('WhepClient with server-sent events', () => {
  it('[EVENT-02] asks for a stream once it is connected, without its token', async () => {
    const { browser, stream } = await aLiveViewer();
    const request = browser.requests.find(({ url }) => url.includes('/events/'));
    expect(request).toMatchObject({
      method: 'POST',
      url: 'https://cast.test/events/cap',
      authorization: null,
      body: '["active","inactive","viewercount","reconnect"]',
    });
    expect(stream?.url).toBe('https://cast.test/events/streams/one');
  });

  it('[EVENT-05] says at once that the publisher is gone, and hardly asks the room', async () => {
    const { client, stream } = await aToldViewer();
    stream.say('inactive');
    source = 'absent';
    expect(client.state.value).toMatchObject({ kind: 'waiting', sessionKept: true });
    await vi.advanceTimersByTimeAsync(14_000);
    expect(asked).toBe(1);
    await vi.advanceTimersByTimeAsync(46_000);
    expect(asked).toBeLessThanOrEqual(5);
    expect(client.state.value.kind).toBe('waiting');
  });

  it('believes the room when its event stream died without a word', async () => {
    const { client } = await aToldViewer();
    source = 'absent';
    await vi.advanceTimersByTimeAsync(20_000);
    expect(client.state.value).toMatchObject({ kind: 'waiting', sessionKept: true });
    const before = asked;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked - before).toBeGreaterThan(3);
  });

  it('leaves a still picture alone, of which the events say that it is live', async () => {
    const { client } = await aToldViewer();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.state.value.kind).toBe('live');
    expect(asked).toBeLessThanOrEqual(4);
  });

  it('does not take the last frames under way for a publisher that is back', async () => {
    const { browser, client, stream } = await aToldViewer();
    const kinds: string[] = [];
    client.state.subscribe(() => kinds.push(client.state.value.kind));
    stream.say('inactive');
    browser.connection.decode(2);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(kinds).toEqual(['waiting']);
  });

  it('resumes in place when the publisher is back', async () => {
    const { browser, client, stream } = await aToldViewer();
    stream.say('inactive');
    await vi.advanceTimersByTimeAsync(2_000);
    stream.say('active');
    browser.connection.decode(2);
    await vi.advanceTimersByTimeAsync(500);
    expect(client.state.value.kind).toBe('live');
    expect(browser.connections).toHaveLength(1);
  });

  it('joins again when the publisher is back with a track that this session has not', async () => {
    const { browser, stream } = await aToldViewer();
    browser.connection.kinds.splice(0, 2, 'audio');
    stream.say('inactive');
    stream.say('active');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(browser.connections).toHaveLength(2);
  });

  it('joins again when the publisher is back and nothing arrives', async () => {
    const { browser, stream } = await aToldViewer();
    stream.say('inactive');
    await vi.advanceTimersByTimeAsync(2_000);
    stream.say('active');
    await vi.advanceTimersByTimeAsync(7_000);
    expect(browser.connections).toHaveLength(2);
  });

  it('[EVENT-07] shows how many watch, and nothing after the session', async () => {
    const { client, stream } = await aToldViewer();
    expect(client.viewers.value).toBeNull();
    stream.say('viewercount', { viewercount: 3, other: true });
    expect(client.viewers.value).toBe(3);
    stream.say('viewercount', 'nonsense');
    expect(client.viewers.value).toBe(3);
    client.stop();
    expect(client.viewers.value).toBeNull();
    expect(stream.readyState).toBe(2);
  });

  it('[EVENT-07] joins again at once when it is asked to, and ends the old session', async () => {
    const { browser, client, stream } = await aToldViewer();
    stream.say('reconnect', { url: 'https://cast.test/whep/demo' });
    await vi.advanceTimersByTimeAsync(200);
    expect(browser.connections).toHaveLength(2);
    expect(browser.count('DELETE')).toBe(1);
    browser.connection.become('connected');
    browser.connection.decode(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(client.state.value.kind).toBe('live');
    expect(browser.eventSources).toHaveLength(2);
  });

  it('[EVENT-07] makes no offer while the publisher is gone too, and one as soon as it is back', async () => {
    const { browser, client, stream } = await aToldViewer();
    const before = browser.count('POST');
    source = { ...whole(source), live: false, transports: [] };
    stream.say('inactive');
    stream.say('reconnect', {});
    await vi.advanceTimersByTimeAsync(1_500);
    expect(client.state.value).toMatchObject({ kind: 'waiting', sessionKept: false });
    expect(browser.count('POST')).toBe(before);
    source = { ...whole(source), live: true, transports: ['webrtc'] };
    await vi.advanceTimersByTimeAsync(700);
    expect(browser.count('POST')).toBe(before + 1);
  });

  it('[EVENT-27] joins at once when it hears that the publisher is there again', async () => {
    const { browser, client, stream } = await aToldViewer();
    stream.say('inactive');
    browser.answer = (request) =>
      request.method === 'GET' ? ended('node-lost') : healthy(request);
    await vi.advanceTimersByTimeAsync(12_000);
    // Its session is gone; who told of the publisher tells when there is one.
    expect(client.state.value).toMatchObject({ kind: 'waiting', sessionKept: true });
    expect(browser.connections).toHaveLength(1);
    stream.say('reconnect', { live: true });
    await vi.advanceTimersByTimeAsync(0);
    expect(browser.connections).toHaveLength(2);
    // It is 404 already.
    expect(browser.count('DELETE')).toBe(0);
  });

  it('[EVENT-27] does not wait to be asked where nobody tells any more', async () => {
    const { browser, client, stream } = await aToldViewer();
    stream.say('inactive');
    browser.answer = (request) =>
      request.method === 'GET' ? ended('node-lost') : healthy(request);
    stream.fail('final');
    await vi.advanceTimersByTimeAsync(300);
    expect(browser.connections).toHaveLength(2);
    expect(client.state.value.kind).not.toBe('failed');
  });

  it('never sends its token to an address that an event names', async () => {
    const { browser, stream } = await aToldViewer();
    stream.say('reconnect', { url: 'https://elsewhere.test/whep/demo' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(browser.requests.every(({ url }) => url.startsWith('https://cast.test/'))).toBe(true);
  });

  it.each(['final', 'passing'] as const)(
    '[EVENT-06] asks why when the stream ends (%s): the session may have',
    async (kind) => {
      const { browser, client, stream } = await aToldViewer();
      browser.answer = () => ended('kicked');
      stream.fail(kind);
      await vi.advanceTimersByTimeAsync(0);
      expect(client.state.value).toMatchObject({ kind: 'failed', problem: { code: 'removed' } });
    },
  );

  it('asks for its session seldom while the server would tell of its end, else every 2 s', async () => {
    const { browser, stream } = await aToldViewer();
    await vi.advanceTimersByTimeAsync(2_000);
    const told = browser.count('GET');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(browser.count('GET') - told).toBe(3);
    stream.fail('final');
    const alone = browser.count('GET');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(browser.count('GET') - alone).toBe(15);
  });

  it('asks for its session as often as ever while its connection is in trouble', async () => {
    const { browser, client } = await aToldViewer();
    browser.answer = () => Promise.reject(new TypeError('Failed to fetch'));
    browser.connection.become('disconnected');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(client.state.value).toMatchObject({ problem: { code: 'connection-lost' } });
  });

  it('asks the room again when the stream is lost and the session is not', async () => {
    const { browser, client, stream } = await aToldViewer();
    stream.say('viewercount', { viewercount: 3 });
    stream.fail('final');
    expect([client.viewers.value, browser.takenPlaces.size]).toEqual([null, 0]);
    source = 'absent';
    await vi.advanceTimersByTimeAsync(4_000);
    expect(client.state.value).toMatchObject({ kind: 'waiting', sessionKept: true });
    expect(asked).toBeGreaterThan(0);
  });

  it.each([
    ['refuses', () => refused(503, 'capacity')],
    ['is too old', () => refused(404, 'not-found')],
    ['cannot be reached', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['names no stream', () => new Response(null, { status: 201 })],
  ])('polls the room when the server %s', async (_, answer) => {
    const { browser, client } = await aLiveViewer((request) =>
      request.url.includes('/events/') ? answer() : healthy(request),
    );
    expect(browser.eventSources).toEqual([]);
    expect(browser.takenPlaces.size).toBe(0);
    source = 'absent';
    await vi.advanceTimersByTimeAsync(4_000);
    expect(client.state.value.kind).toBe('waiting');
  });

  it('leaves connections to other tabs: a fourth one polls', async () => {
    const browser = new FakeBrowser(healthy);
    for (let place = 0; place < 3; place += 1) await browser.takePlace(`pixelcast-events-${place}`);
    const client = new WhepClient({ endpoint: 'https://cast.test/whep/demo', token: '' }, browser);
    client.start();
    await vi.advanceTimersByTimeAsync(0);
    browser.connection.become('connected');
    await vi.advanceTimersByTimeAsync(100);
    expect(browser.requests.filter(({ url }) => url.includes('/events/'))).toEqual([]);
  });

  it('gives its place back when the session ends', async () => {
    const { browser, client } = await aToldViewer();
    expect(browser.takenPlaces.size).toBe(1);
    client.stop();
    expect(browser.takenPlaces.size).toBe(0);
  });
});
