import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bitrateShares, simulcastLayers } from '../../../web/core/simulcast.ts';
import { WhipClient } from '../../../web/core/whip-client.ts';
import { FakeBrowser, created, refused, type SeenRequest } from './fake-browser.ts';

const aTrack = (kind: 'audio' | 'video', height: number) =>
  ({ kind, contentHint: '', getSettings: () => ({ height }) }) as unknown as MediaStreamTrack;

const aStream = (height: number) =>
  ({
    getVideoTracks: () => [aTrack('video', height)],
    getAudioTracks: () => [],
  }) as unknown as MediaStream;

function healthy({ method }: SeenRequest): Response {
  if (method === 'POST') return created();
  return new Response(null, { status: method === 'GET' ? 204 : 200 });
}

async function aPublisher({
  answer = healthy,
  height = 720,
}: { answer?: FakeBrowser['answer']; height?: number } = {}) {
  const browser = new FakeBrowser(answer);
  const client = new WhipClient(
    {
      endpoint: 'https://cast.test/whip/demo',
      token: 'tok',
      stream: aStream(height),
      sizes: 'several',
      maxBitrateBps: 1_300_000,
      degradationPreference: 'maintain-framerate',
    },
    browser,
  );
  const kinds: string[] = [];
  client.state.subscribe(() => kinds.push(client.state.value.kind));
  client.start();
  await vi.advanceTimersByTimeAsync(100);
  browser.connection.become('connected');
  await vi.advanceTimersByTimeAsync(0);
  const encodings = () => browser.connection.senders[0]?.parameters.encodings;
  return { browser, client, kinds, encodings };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a publisher of several sizes', () => {
  it('sends three that share the bitrate, lowest first', async () => {
    const { encodings } = await aPublisher();
    expect(encodings()).toEqual([
      { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 100_000 },
      { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 300_000 },
      { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 900_000 },
    ]);
  });

  it('sends two of a small picture', async () => {
    const { encodings } = await aPublisher({ height: 540 });
    expect(encodings()?.map(({ rid }) => rid)).toEqual(['h', 'f']);
  });

  it('shares changed limits too, and leaves the sizes as they are', async () => {
    const { client, encodings } = await aPublisher();
    await client.setLimits({ maxBitrateBps: 2_600_000, maxFramerate: 15 });
    expect(encodings()).toEqual([
      { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 200_000, maxFramerate: 15 },
      { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 600_000, maxFramerate: 15 },
      { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 1_800_000, maxFramerate: 15 },
    ]);
  });

  it('does not scale the picture to the uplink', async () => {
    const { browser } = await aPublisher();
    const [sender] = browser.connection.senders;
    if (sender === undefined) throw new Error('nothing is sent');
    const getStats = vi.spyOn(sender, 'getStats');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(getStats).not.toHaveBeenCalled();
  });

  it('[WHIP-20] publishes one size where the server takes no more, and says so', async () => {
    let offers = 0;
    const { browser, client, kinds, encodings } = await aPublisher({
      answer: (request) =>
        request.method === 'POST' && (offers += 1) === 1
          ? refused(422, 'simulcast-unsupported')
          : healthy(request),
    });
    expect(client.state.value.kind).toBe('live');
    expect(kinds).not.toContain('failed');
    expect(client.sizesRefused.value).toBe(true);
    expect(encodings()).toEqual([{ maxBitrate: 1_300_000, scaleResolutionDownBy: 1 }]);
    expect(browser.count('POST')).toBe(2);
  });

  it('does not try for ever', async () => {
    const { browser, client } = await aPublisher({
      answer: () => refused(422, 'simulcast-unsupported'),
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.state.value.kind).toBe('failed');
    expect(browser.count('POST')).toBe(2);
  });
});

describe('layers of a picture', () => {
  it.each([1, 2, 3])('share all of a bitrate among %i', (count) => {
    const shares = bitrateShares(count);
    expect(shares).toHaveLength(count);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
  });

  it('are three from 720 lines, else two', () => {
    expect([540, 719, 720, 2160].map((height) => simulcastLayers(height).length)).toEqual([
      2, 2, 3, 3,
    ]);
  });
});
