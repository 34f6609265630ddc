import { expect, onTestFinished, test } from 'vitest';
import { RtpPublisher } from '../support/rtc/rtp-publisher.ts';
import { RtpViewer } from '../support/rtc/rtp-viewer.ts';
import { GatewayProcess } from '../support/stage/gateway-process.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOM = 'two-gateways';

interface Joined {
  readonly path: string;
  readonly exchange: (offer: string) => Promise<string>;
}

/** Offers to one gateway; notes where the session is. */
function joinAt(url: string, kind: 'whip' | 'whep', token: string): Joined {
  const joined = { path: '' };
  return Object.assign(joined, {
    exchange: async (offer: string) => {
      const reply = await fetch(`${url}/${kind}/${ROOM}`, {
        method: 'POST',
        headers: { 'content-type': 'application/sdp', authorization: `Bearer ${token}` },
        body: offer,
      });
      const text = await reply.text();
      if (reply.status !== 201) throw new Error(`${kind}: ${reply.status} ${text}`);
      joined.path = new URL(reply.headers.get('location') ?? '', url).pathname;
      return text;
    },
  });
}

const statusOf = async (url: string, init: RequestInit = {}): Promise<number> => {
  const reply = await fetch(url, { ...init, signal: AbortSignal.timeout(5_000) });
  await reply.arrayBuffer();
  return reply.status;
};

test('[FLEET-03] one publishes at one gateway and one watches at the other, and either answers for both sessions', async () => {
  const first = await GatewayProcess.startSeveral(2);
  onTestFinished(async () => {
    await first.close();
  });
  const [here = '', there = ''] = first.all.map(({ ownUrl }) => ownUrl);
  const token = first.token({ sub: 'both', room: ROOM, can: ['publish', 'watch'] });
  const published = joinAt(here, 'whip', token);
  const publisher = await RtpPublisher.connect(published.exchange);
  onTestFinished(() => publisher.close());
  const watched = joinAt(there, 'whep', token);
  const viewer = await waitFor(() => RtpViewer.connect(watched.exchange), {
    timeoutMs: 20_000,
    everyMs: 200,
    what: 'the viewer',
  });
  onTestFinished(() => viewer.close());
  const moreFrames = async (): Promise<void> => {
    const before = viewer.video.frames;
    await waitFor(() => viewer.video.frames > before + 10, { timeoutMs: 20_000, what: 'frames' });
  };
  await moreFrames();
  for (const url of [here, there]) {
    for (const { path } of [published, watched]) expect(await statusOf(url + path)).toBe(204);
  }

  expect(await statusOf(here + watched.path, { method: 'DELETE' })).toBe(200);
  for (const url of [here, there]) expect(await statusOf(url + watched.path)).toBe(404);
  expect(await statusOf(there + published.path)).toBe(204);
});
