import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SourceView } from '../../../gateway/protocol/api/rooms.ts';
import { DEFAULT_SOURCE } from '../../../gateway/protocol/ids.ts';
import { WhepClient } from '../../../web/core/whep-client.ts';
import { FakeBrowser, created, ended, refused } from './fake-browser.ts';
import type { SeenRequest } from './fake-browser.ts';

/** A server that opens sessions and knows one of them. */
function healthy({ method }: SeenRequest): Response {
  if (method === 'POST') return created();
  return new Response(null, { status: method === 'GET' ? 204 : 200 });
}

/** The same server after it lost its sessions. */
function forgetful(request: SeenRequest): Response {
  return request.method === 'GET' ? refused(404, 'session-not-found') : healthy(request);
}

const aSource = (over: Partial<SourceView>): SourceView => ({
  source: DEFAULT_SOURCE,
  live: true,
  transports: over.live === false ? [] : ['webrtc'],
  viewers: 1,
  video: 'H264',
  audio: 'opus',
  sinceMs: 0,
  ...over,
});

let source: SourceView | null = null;

function aViewer(answer: FakeBrowser['answer']) {
  const browser = new FakeBrowser(answer);
  const client = new WhepClient(
    {
      endpoint: 'https://cast.test/whep/demo',
      token: 'tok',
      readSource: () => Promise.resolve(source),
    },
    browser,
  );
  const kinds: string[] = [];
  client.state.subscribe(() => kinds.push(client.state.value.kind));
  client.start();
  return { browser, client, kinds };
}

async function aLiveViewer() {
  const viewer = aViewer(healthy);
  await vi.advanceTimersByTimeAsync(0);
  viewer.browser.connection.become('connected');
  viewer.browser.connection.decode(1);
  await vi.advanceTimersByTimeAsync(100);
  expect(viewer.client.state.value).toEqual({ kind: 'live' });
  return viewer;
}

beforeEach(() => {
  vi.useFakeTimers();
  source = aSource({});
});
afterEach(() => vi.useRealTimers());

describe('WhepClient', () => {
  it('offers audio and video without waiting for candidates, with its token', async () => {
    const { browser } = await aLiveViewer();
    expect(browser.requests[0]).toMatchObject({
      method: 'POST',
      url: 'https://cast.test/whep/demo',
      authorization: 'Bearer tok',
      body: 'offer',
    });
    expect(browser.connection.kinds).toEqual(['audio', 'video']);
    expect(browser.connection.remoteDescription?.sdp).toBe('answer');
  });

  it('waits by Retry-After while nobody publishes', async () => {
    const { browser, client } = aViewer(() => refused(409, 'no-publisher', '3'));
    await vi.advanceTimersByTimeAsync(0);
    expect(client.state.value).toMatchObject({ kind: 'waiting', sessionKept: false });
    await vi.advanceTimersByTimeAsync(2999);
    expect(browser.count('POST')).toBe(1);
    browser.answer = healthy;
    await vi.advanceTimersByTimeAsync(1);
    expect(browser.count('POST')).toBe(2);
    expect(client.state.value.kind).toBe('connecting');
  });

  it('fails at once on a token that is not good', async () => {
    const { browser, client } = aViewer(() => refused(401, 'token-expired'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.state.value).toMatchObject({
      kind: 'failed',
      problem: { code: 'token-expired' },
    });
    expect(browser.count('POST')).toBe(1);
  });

  it('says that UDP is blocked when ICE has not connected after 10 s, and ends the session', async () => {
    const { browser, client } = aViewer(healthy);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(client.state.value.kind).toBe('connecting');
    await vi.advanceTimersByTimeAsync(1);
    expect(client.state.value).toMatchObject({
      kind: 'reconnecting',
      problem: { code: 'udp-blocked' },
    });
    expect(browser.count('DELETE')).toBe(1);
  });

  it('joins again at once when the server lost the session', async () => {
    const { browser, client, kinds } = await aLiveViewer();
    browser.answer = forgetful;
    await vi.advanceTimersByTimeAsync(2000);
    expect(browser.count('POST')).toBe(2);
    expect(browser.count('DELETE')).toBe(0);
    browser.answer = healthy;
    browser.connection.become('connected');
    browser.connection.decode(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(client.state.value.kind).toBe('live');
    expect(kinds).toContain('reconnecting');
  });

  it.each([
    ['kicked', 'removed'],
    ['expired', 'token-expired'],
    ['replaced', 'replaced'],
  ])('does not come back by itself after %s', async (reason, code) => {
    const { browser, client } = await aLiveViewer();
    browser.answer = () => ended(reason);
    await vi.advanceTimersByTimeAsync(2000);
    expect(client.state.value).toMatchObject({ kind: 'failed', problem: { code } });
    expect(browser.count('POST')).toBe(1);
  });

  it('asks why before it takes a closed connection for a lost one', async () => {
    const { browser, client } = await aLiveViewer();
    browser.answer = () => ended('kicked');
    browser.connection.become('failed');
    await vi.advanceTimersByTimeAsync(10);
    expect(client.state.value).toMatchObject({ kind: 'failed', problem: { code: 'removed' } });
  });

  it('leaves a session alone while only the gateway is away', async () => {
    const { browser, client } = await aLiveViewer();
    browser.answer = () => refused(503, 'node-unavailable');
    for (let second = 0; second < 20; second++) {
      browser.connection.decode(second + 2);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(client.state.value.kind).toBe('live');
    browser.connection.become('disconnected');
    await vi.advanceTimersByTimeAsync(2000);
    expect(client.state.value).toMatchObject({
      kind: 'reconnecting',
      problem: { code: 'connection-lost' },
    });
  });

  it('keeps the session while the publisher is away, and resumes in place', async () => {
    const { browser, client } = await aLiveViewer();
    source = aSource({ live: false });
    await vi.advanceTimersByTimeAsync(3000);
    expect(client.state.value).toMatchObject({ kind: 'waiting', sessionKept: true });
    source = aSource({});
    browser.connection.decode(2);
    await vi.advanceTimersByTimeAsync(500);
    expect(client.state.value.kind).toBe('live');
    expect(browser.count('POST')).toBe(1);
  });

  it('asks at once when a steady picture stops', async () => {
    const { browser, client } = await aLiveViewer();
    for (let frames = 15; frames <= 60; frames += 15) {
      browser.connection.decode(frames);
      await vi.advanceTimersByTimeAsync(500);
    }
    browser.answer = forgetful;
    const { length } = browser.requests.filter(({ method }) => method === 'GET');
    await vi.advanceTimersByTimeAsync(1000);
    expect(browser.count('GET')).toBeGreaterThan(length);
    expect(client.state.value.kind).not.toBe('live');
  });

  it('is back within a second of a publisher that comes back after a crash', async () => {
    const { browser, client } = await aLiveViewer();
    source = aSource({ live: false });
    browser.answer = ({ method }) =>
      method === 'POST' ? refused(409, 'no-publisher', '10') : refused(404, 'session-not-found');
    await vi.advanceTimersByTimeAsync(2500);
    expect(client.state.value.kind).toBe('waiting');
    const before = browser.count('POST');
    source = aSource({});
    browser.answer = healthy;
    await vi.advanceTimersByTimeAsync(700);
    expect(browser.count('POST')).toBe(before + 1);
  });

  it('takes a live source on which nothing moves for what it is', async () => {
    const { client } = await aLiveViewer();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.state.value.kind).toBe('live');
  });

  it('joins again when the publisher is back and the old session stays silent', async () => {
    const { browser } = await aLiveViewer();
    source = aSource({ live: false });
    await vi.advanceTimersByTimeAsync(3000);
    source = aSource({});
    await vi.advanceTimersByTimeAsync(10_000);
    expect(browser.count('POST')).toBe(2);
  });

  it('tries at once when the network is back', async () => {
    const { browser, client } = aViewer(() => Promise.reject(new TypeError('Failed to fetch')));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(client.state.value).toMatchObject({
      kind: 'reconnecting',
      problem: { code: 'network' },
    });
    const before = browser.count('POST');
    browser.answer = healthy;
    browser.happen('online');
    await vi.advanceTimersByTimeAsync(0);
    expect(browser.count('POST')).toBe(before + 1);
  });

  it('gives up on an answer that the browser does not take', async () => {
    const { browser, client } = aViewer(healthy);
    browser.connection.refusesAnswer = true;
    await vi.advanceTimersByTimeAsync(0);
    expect(client.state.value).toMatchObject({
      kind: 'failed',
      problem: { code: 'answer-rejected' },
    });
    expect(browser.count('DELETE')).toBe(1);
  });

  it('ends its session when the page goes, in a request that outlives it', async () => {
    const { browser, client } = await aLiveViewer();
    browser.happen('pagehide');
    expect(browser.requests.at(-1)).toMatchObject({
      method: 'DELETE',
      url: 'https://cast.test/sessions/abc',
      authorization: 'Bearer tok',
      keepalive: true,
    });
    expect(client.state.value.kind).toBe('stopped');
  });

  it('ends a session that is opened after it was stopped', async () => {
    let open: (response: Response) => void = () => undefined;
    const { browser, client } = aViewer((request) =>
      request.method === 'POST' ? new Promise((resolve) => (open = resolve)) : healthy(request),
    );
    await vi.advanceTimersByTimeAsync(0);
    client.stop();
    open(created('/sessions/late'));
    await vi.advanceTimersByTimeAsync(0);
    expect(browser.requests.at(-1)).toMatchObject({
      method: 'DELETE',
      url: 'https://cast.test/sessions/late',
    });
  });
});
