import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Observable } from '../../../web/core/observable.ts';
import { WhipClient } from '../../../web/core/whip-client.ts';
import type { WhipClientOptions } from '../../../web/core/whip-client.ts';
import { FakeBrowser, created, refused } from './fake-browser.ts';
import type { FakeSender, SeenRequest } from './fake-browser.ts';

const aTrack = (kind: 'audio' | 'video') =>
  ({ kind, contentHint: '' }) as unknown as MediaStreamTrack;

const aStream = (video = aTrack('video'), audio = aTrack('audio')) =>
  ({ getVideoTracks: () => [video], getAudioTracks: () => [audio] }) as unknown as MediaStream;

function healthy({ method }: SeenRequest): Response {
  if (method === 'POST') return created();
  return new Response(null, { status: method === 'GET' ? 204 : 200 });
}

async function aPublisher(over: Partial<WhipClientOptions> = {}, answer = healthy) {
  const browser = new FakeBrowser(answer);
  const stream = aStream();
  const options = { endpoint: 'https://cast.test/whip/demo', token: 'tok', stream, ...over };
  const client = new WhipClient(options, browser);
  client.start();
  await vi.advanceTimersByTimeAsync(0);
  return { browser, client };
}

async function aLivePublisher(over: Partial<WhipClientOptions> = {}) {
  const publisher = await aPublisher(over);
  publisher.browser.connection.become('connected');
  await vi.advanceTimersByTimeAsync(0);
  return publisher;
}

function videoSender(browser: FakeBrowser): FakeSender {
  const { kinds, senders } = browser.connection;
  const sender = senders[kinds.indexOf('video')];
  if (sender === undefined) throw new Error('no video is sent');
  return sender;
}

/** A 720p30 sender on a path of 930 kbit/s. */
function aSenderReport({ offered, encoded }: { offered: number; encoded: number }) {
  const size = { width: 1280, height: 720, framesPerSecond: 30 };
  const entries: Record<string, unknown>[] = [
    { id: 's', type: 'media-source', kind: 'video', frames: offered, ...size },
    { id: 'v', type: 'outbound-rtp', kind: 'video', framesEncoded: encoded, mediaSourceId: 's' },
    { id: 'p', type: 'candidate-pair', state: 'succeeded', availableOutgoingBitrate: 930_000 },
  ];
  return new Map(entries.map((entry) => [String(entry['id']), entry]));
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('WhipClient', () => {
  it('prefers H.264 and starts with its limits and content hint', async () => {
    const video = aTrack('video');
    const { browser, client } = await aLivePublisher({
      stream: aStream(video),
      contentHint: 'motion',
      maxBitrateBps: 2_500_000,
      degradationPreference: 'maintain-framerate',
    });
    expect(client.state.value.kind).toBe('live');
    expect(video.contentHint).toBe('motion');
    expect(videoSender(browser).codecs).toEqual(['video/H264', 'video/VP8', 'video/rtx']);
    expect(videoSender(browser).parameters).toEqual({
      encodings: [{ maxBitrate: 2_500_000, scaleResolutionDownBy: 1 }],
      degradationPreference: 'maintain-framerate',
    });
  });

  it('[USER-28] goes on with a renewed token, which its next request brings', async () => {
    const token = new Observable('first');
    const { browser, client } = await aLivePublisher({ token });
    token.set('second');
    await vi.advanceTimersByTimeAsync(0);
    const tokensOf = (method: string) =>
      browser.requests
        .filter((request) => request.method === method)
        .map(({ authorization }) => authorization);
    expect(tokensOf('POST')).toEqual(['Bearer first']);
    expect(client.state.value.kind).toBe('live');
    browser.connection.become('failed');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(tokensOf('POST')).toEqual(['Bearer first', 'Bearer second']);
    client.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(tokensOf('DELETE').at(-1)).toBe('Bearer second');
  });

  it('[EVENT-26] publishes again at once when it is told that its session is over', async () => {
    const link =
      '<https://cast.test/events/cap>; rel="urn:ietf:params:whip:ext:pixelcast:server-sent-events"; events="reconnect"';
    const { browser, client } = await aPublisher({}, (request) => {
      if (!request.url.includes('/events/')) {
        return request.method === 'POST' ? created(undefined, link) : healthy(request);
      }
      return new Response(null, { status: 201, headers: { Location: '/events/streams/one' } });
    });
    browser.connection.become('connected');
    await vi.advanceTimersByTimeAsync(0);
    const asked = browser.requests.find(({ url }) => url.includes('/events/'));
    expect(asked).toMatchObject({ body: '["reconnect"]' });
    browser.eventSources[0]?.say('reconnect', {});
    await vi.advanceTimersByTimeAsync(200);
    expect(browser.connections).toHaveLength(2);
    browser.connection.become('connected');
    await vi.advanceTimersByTimeAsync(0);
    expect(browser.eventSources).toHaveLength(2);
    client.stop();
    expect(browser.eventSources[1]?.readyState).toBe(2);
  });

  it('changes the limits while live, without another offer', async () => {
    const { browser, client } = await aLivePublisher({ maxBitrateBps: 2_500_000 });
    await Promise.all([
      client.setLimits({ maxBitrateBps: 1_000_000 }),
      client.setLimits({ maxFramerate: 15 }),
    ]);
    expect(videoSender(browser).parameters.encodings).toEqual([
      { maxBitrate: 1_000_000, maxFramerate: 15, scaleResolutionDownBy: 1 },
    ]);
    expect(browser.count('POST')).toBe(1);
  });

  it.each([
    { degradationPreference: 'maintain-framerate', scale: 2 },
    { degradationPreference: 'maintain-resolution', scale: 1 },
  ] as const)(
    'scales by $scale on a narrow uplink with $degradationPreference',
    async ({ degradationPreference, scale }) => {
      const { browser } = await aLivePublisher({ degradationPreference });
      const sender = videoSender(browser);
      sender.stats = aSenderReport({ offered: 300, encoded: 300 });
      await vi.advanceTimersByTimeAsync(500);
      sender.stats = aSenderReport({ offered: 315, encoded: 306 });
      await vi.advanceTimersByTimeAsync(500);
      expect(sender.parameters.encodings).toEqual([{ scaleResolutionDownBy: scale }]);
    },
  );

  it('asks a sender no more once stopped', async () => {
    const { browser, client } = await aLivePublisher();
    const getStats = vi.spyOn(videoSender(browser), 'getStats');
    client.stop();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(getStats).not.toHaveBeenCalled();
  });

  it('sends a replaced track and changed limits after a reconnect too', async () => {
    const { browser, client } = await aLivePublisher();
    const other = aTrack('video');
    await client.replaceTrack(other);
    await client.setLimits({ maxBitrateBps: 5_000_000 });
    expect(videoSender(browser).track).toBe(other);
    browser.connection.become('failed');
    await vi.advanceTimersByTimeAsync(500);
    expect(browser.connections).toHaveLength(2);
    expect(videoSender(browser).track).toBe(other);
    expect(videoSender(browser).parameters.encodings).toEqual([{ maxBitrate: 5_000_000 }]);
  });

  it('leaves a room to whoever is sharing there', async () => {
    const { browser, client } = await aPublisher({}, () => refused(409, 'source-busy', '5'));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(client.state.value).toMatchObject({ kind: 'failed', problem: { code: 'source-busy' } });
    expect(browser.count('POST')).toBe(1);
  });

  it('outlasts its own ghost when it comes back after a loss', async () => {
    const { browser, client } = await aLivePublisher();
    browser.answer = (request) =>
      request.method === 'POST' ? refused(409, 'source-busy', '5') : healthy(request);
    browser.connection.become('failed');
    await vi.advanceTimersByTimeAsync(500);
    expect(client.state.value).toMatchObject({ kind: 'reconnecting' });
    browser.answer = healthy;
    await vi.advanceTimersByTimeAsync(5000);
    browser.connection.become('connected');
    expect(client.state.value.kind).toBe('live');
  });

  it('tells the server when it stops, and can start again', async () => {
    const { browser, client } = await aLivePublisher();
    client.stop();
    client.stop();
    expect(browser.count('DELETE')).toBe(1);
    expect(client.state.value.kind).toBe('stopped');
    client.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(browser.count('POST')).toBe(2);
  });
});
