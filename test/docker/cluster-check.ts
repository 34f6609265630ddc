import assert from 'node:assert/strict';
import { RtpPublisher } from '../support/rtc/rtp-publisher.ts';
import { RtpViewer } from '../support/rtc/rtp-viewer.ts';
import { waitFor } from '../support/wait-for.ts';
import type { ComposeProject } from './compose-project.ts';

const ROOM = 'demo';
const MEDIA_MS = 30_000;
const EVENT_MS = 10_000;
/** Two looks of the balancer, and the take-over of a room. */
const TAKE_OVER_MS = 15_000;

export interface ClusterCheck {
  readonly project: ComposeProject;
  /** Of the balancer. */
  readonly url: string;
  readonly publishToken: string;
  readonly watchToken: string;
  /** UDP ports of the media servers. */
  readonly mediaPorts: Readonly<Record<string, number>>;
}

/** What only gateways may be asked is 404 outside, and what a client says of its address is not believed. */
export async function checkEdge({ url, watchToken }: ClusterCheck): Promise<void> {
  for (const path of ['/api/srs/publish?secret=x', '/API/SRS/publish', '/metrics']) {
    assert.equal((await fetch(url + path, { method: 'POST' })).status, 404, path);
  }
  const authorization = `Bearer ${watchToken}`;
  const headers = { authorization, 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' };
  const reply = await fetch(`${url}/api/v1/rooms/${ROOM}`, { headers });
  assert.ok(reply.ok, `a room: ${reply.status}`);
}

/** Both gateways answer for a session, events come at once, and the death of one gateway ends nothing. */
export async function checkFailover(check: ClusterCheck): Promise<string> {
  const { project, url, publishToken, watchToken } = check;
  const published = offer(url, 'whip', publishToken);
  const publisher = await RtpPublisher.connect(published.exchange);
  const watched = offer(url, 'whep', watchToken);
  const viewer = await waitFor(() => RtpViewer.connect(watched.exchange), {
    ...{ timeoutMs: MEDIA_MS, everyMs: 500, what: 'a viewer' },
  });
  try {
    await untilFrames(viewer);
    const eventMs = await firstEvent(url, watched.eventsUrl());
    for (let count = 0; count < 6; count += 1) {
      const reply = await fetch(url + watched.path(), { headers: { connection: 'close' } });
      assert.ok(reply.ok, `either gateway knows the session: ${reply.status}`);
    }
    await project.compose('kill', 'gateway-1');
    const killedAt = performance.now();
    await untilFrames(viewer);
    await waitFor(async () => (await fetch(url + watched.path())).ok, {
      ...{ timeoutMs: TAKE_OVER_MS, everyMs: 50, what: 'the other gateway to have the session' },
    });
    const tookMs = performance.now() - killedAt;
    await untilFrames(viewer);
    await project.compose('up', '--detach', '--wait', 'gateway-1');
    return `first event after ${eventMs.toFixed(0)} ms, taken over after ${tookMs.toFixed(0)} ms`;
  } finally {
    viewer.close();
    publisher.close();
    for (const { path } of [watched, published]) await fetch(url + path(), { method: 'DELETE' });
  }
}

/** A media server dies: who was there is told, comes again, and is at another one. */
export async function checkNodeDeath(check: ClusterCheck): Promise<string> {
  const { project, url, publishToken, watchToken, mediaPorts } = check;
  const [published, watched] = [offer(url, 'whip', publishToken), offer(url, 'whep', watchToken)];
  const peers: { close(): void }[] = [];
  const connect = async (): Promise<RtpViewer> => {
    peers.push(await RtpPublisher.connect(published.exchange));
    const viewer = await waitFor(() => RtpViewer.connect(watched.exchange), {
      ...{ timeoutMs: MEDIA_MS, everyMs: 500, what: 'a viewer' },
    });
    peers.push(viewer);
    await untilFrames(viewer);
    return viewer;
  };
  try {
    await connect();
    const [dead, port] =
      Object.entries(mediaPorts).find(([, each]) => each === watched.port()) ?? [];
    assert.ok(dead !== undefined && port !== undefined, `no node has port ${watched.port()}`);
    await project.compose('kill', dead);
    const killedAt = performance.now();
    const sinceMs = (): string => `${(performance.now() - killedAt).toFixed(0)} ms`;
    await waitFor(async () => (await fetch(url + watched.path())).status === 404, {
      ...{ timeoutMs: TAKE_OVER_MS, everyMs: 50, what: 'the session to be over' },
    });
    const noticed = sinceMs();
    await connect();
    const back = sinceMs();
    assert.notEqual(watched.port(), port, 'the dead node was offered');
    await project.compose('up', '--detach', '--wait', dead);
    return `${dead} died: noticed after ${noticed}, picture again after ${back}`;
  } finally {
    for (const peer of peers) peer.close();
    for (const { path } of [watched, published]) await fetch(url + path(), { method: 'DELETE' });
  }
}

interface Offered {
  readonly exchange: (offer: string) => Promise<string>;
  readonly path: () => string;
  /** Where media goes, by the answer. */
  readonly port: () => number;
  readonly eventsUrl: () => string;
}

function offer(url: string, kind: 'whip' | 'whep', token: string): Offered {
  let path = '';
  let port = 0;
  let events = '';
  return {
    path: () => path,
    port: () => port,
    eventsUrl: () => events,
    exchange: async (sdp: string) => {
      const reply = await fetch(`${url}/${kind}/${ROOM}`, {
        method: 'POST',
        headers: { 'content-type': 'application/sdp', authorization: `Bearer ${token}` },
        body: sdp,
      });
      const answer = await reply.text();
      assert.equal(reply.status, 201, `${kind}: ${answer}`);
      path = new URL(reply.headers.get('location') ?? '', url).pathname;
      const link = /<([^>]+)>; rel="urn[^"]*server-sent-events"/.exec(
        reply.headers.get('link') ?? '',
      );
      events = link?.[1] ?? '';
      port = Number(/^a=candidate:.* udp \d+ \S+ (\d+) /im.exec(answer)?.[1]);
      return answer;
    },
  };
}

/** Until the first event of a stream, ms: a balancer that holds it back shows here. */
async function firstEvent(url: string, eventsUrl: string): Promise<number> {
  assert.ok(eventsUrl !== '', 'no link to events');
  const opened = await fetch(new URL(new URL(eventsUrl, url).pathname, url), { method: 'POST' });
  assert.equal(opened.status, 201);
  const stream = new URL(new URL(opened.headers.get('location') ?? '', url).pathname, url);
  const startedAt = performance.now();
  const reply = await fetch(stream, { signal: AbortSignal.timeout(EVENT_MS) });
  assert.match(reply.headers.get('content-type') ?? '', /^text\/event-stream/);
  const reader = reply.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (!text.includes('event: ')) {
    const part = await reader?.read();
    assert.equal(part?.done, false, 'the stream ended');
    text += decoder.decode(part.value, { stream: true });
  }
  await reader?.cancel();
  return performance.now() - startedAt;
}

async function untilFrames(viewer: RtpViewer): Promise<void> {
  const before = viewer.video.frames;
  await waitFor(() => viewer.video.frames > before + 30, {
    ...{ timeoutMs: MEDIA_MS, everyMs: 100, what: '30 frames' },
  });
}
