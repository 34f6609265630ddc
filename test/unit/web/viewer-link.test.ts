import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostState } from '../../../gateway/protocol/host.ts';
import { ViewerLink } from '../../../web/core/viewer-link.ts';
import { ViewerSocket } from '../../../web/core/viewer-socket.ts';
import { WhepClient } from '../../../web/core/whep-client.ts';
import { FakeBrowser, created, refused, type SeenRequest } from './fake-browser.ts';
import { aHostStatus } from './a-host.ts';

function healthy({ method }: SeenRequest): Response {
  if (method === 'POST') return created('https://cast.test/sessions/secret-1');
  return new Response(null, { status: method === 'GET' ? 204 : 200 });
}

const nobodyYet = () => refused(409, 'no-publisher', '30');

function aLink(answer: FakeBrowser['answer']) {
  const browser = new FakeBrowser(answer);
  const client = new WhepClient({ endpoint: 'https://cast.test/whep/demo', token: 't' }, browser);
  const options = { url: 'wss://cast.test/ws/control/demo', token: 't', source: 'main' };
  const socket = new ViewerSocket(browser, options);
  const link = new ViewerLink(browser, client, socket);
  client.start();
  return { browser, client, socket, link };
}

async function aLiveLink() {
  const parts = aLink(healthy);
  await vi.advanceTimersByTimeAsync(0);
  parts.browser.connection.become('connected');
  receive(parts.browser, 1);
  await vi.advanceTimersByTimeAsync(100);
  parts.browser.webSocket.open();
  return parts;
}

const receive = ({ connection }: FakeBrowser, frames: number) =>
  connection.stats.set('v', {
    id: 'v',
    type: 'inbound-rtp',
    kind: 'video',
    framesDecoded: frames,
    framesReceived: frames,
    packetsReceived: frames * 4,
  });

const reportsOf = ({ webSocket }: FakeBrowser) =>
  webSocket.sent.filter((message) => JSON.stringify(message).includes('viewer/report'));

const tell = ({ webSocket }: FakeBrowser, state: HostState | null) =>
  webSocket.say({
    type: 'host/status',
    kind: 'cube',
    status: state === null ? null : aHostStatus({ state }),
  });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('ViewerLink', () => {
  it('opens the socket only when the picture is here, and names its session', async () => {
    const { browser } = aLink(healthy);
    await vi.advanceTimersByTimeAsync(300);
    browser.connection.become('connected');
    await vi.advanceTimersByTimeAsync(500);
    expect(browser.webSockets).toEqual([]);
    receive(browser, 1);
    await vi.advanceTimersByTimeAsync(100);
    browser.webSocket.open();
    expect(browser.webSocket.sent).toEqual([
      { type: 'viewer/watching', source: 'main', session: 'secret-1' },
    ]);
  });

  it('opens it when a join takes its time, to hear what is waited for', async () => {
    const { browser, socket } = aLink((request) =>
      request.method === 'POST' ? new Promise(() => undefined) : healthy(request),
    );
    await vi.advanceTimersByTimeAsync(699);
    expect(browser.webSockets).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    browser.webSocket.open();
    expect(browser.webSocket.sent).toMatchObject([{ session: null }]);
    tell(browser, 'starting');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(socket.host.value?.status?.state).toBe('starting');
    expect(browser.count('POST')).toBe(1);
  });

  it('reports every two seconds while the picture plays in sight', async () => {
    const { browser } = await aLiveLink();
    for (let second = 1; second <= 8; second += 1) {
      receive(browser, 1 + second * 30);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(reportsOf(browser)).toHaveLength(3);
    expect(reportsOf(browser)[0]).toMatchObject({ report: { framesDecoded: 60, loss: 0 } });
    browser.visible = false;
    await vi.advanceTimersByTimeAsync(6_000);
    expect(reportsOf(browser)).toHaveLength(3);
    browser.visible = true;
    await vi.advanceTimersByTimeAsync(4_000);
    expect(reportsOf(browser)).toHaveLength(4);
  });

  it('names a new session, and reports nothing across two of them', async () => {
    const { browser, client } = await aLiveLink();
    await vi.advanceTimersByTimeAsync(4_000);
    const { length } = reportsOf(browser);
    browser.answer = ({ method }) =>
      method === 'POST' ? created('https://cast.test/sessions/secret-2') : nobodyYet();
    browser.connection.become('failed');
    await vi.advanceTimersByTimeAsync(1_000);
    browser.connection.become('connected');
    receive(browser, 500);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(client.state.value.kind).toBe('live');
    expect(browser.webSockets).toHaveLength(1);
    const watching = browser.webSocket.sent.filter(
      (message) => (message as { type: string }).type === 'viewer/watching',
    );
    expect(watching.slice(-2)).toMatchObject([{ session: null }, { session: 'secret-2' }]);
    expect(reportsOf(browser)).toHaveLength(length);
  });

  it.each(['idle', 'starting', 'live'] as const)(
    'joins at once when a host that is %s comes while nobody shares',
    async (state) => {
      const { browser, client } = aLink(nobodyYet);
      await vi.advanceTimersByTimeAsync(0);
      expect(client.state.value.kind).toBe('waiting');
      browser.webSocket.open();
      tell(browser, null);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(browser.count('POST')).toBe(1);
      tell(browser, state);
      await vi.advanceTimersByTimeAsync(0);
      expect(browser.count('POST')).toBe(2);
    },
  );

  it('leaves a host alone that failed or has not changed, and joins when it is live after all', async () => {
    const { browser } = aLink(nobodyYet);
    await vi.advanceTimersByTimeAsync(0);
    browser.webSocket.open();
    tell(browser, 'failed');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(browser.count('POST')).toBe(1);
    tell(browser, 'starting');
    await vi.advanceTimersByTimeAsync(1_000);
    tell(browser, 'starting');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(browser.count('POST')).toBe(2);
    tell(browser, 'live');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(browser.count('POST')).toBe(3);
  });

  it('closes with the page, and is back with it', async () => {
    const { browser, client } = await aLiveLink();
    browser.happen('pagehide');
    expect(browser.webSocket.closedWith).toBe(1000);
    client.start();
    await vi.advanceTimersByTimeAsync(0);
    browser.connection.become('connected');
    receive(browser, 1);
    await vi.advanceTimersByTimeAsync(100);
    browser.webSocket.open();
    expect(browser.webSockets).toHaveLength(2);
    expect(browser.webSocket.sent).toMatchObject([{ session: 'secret-1' }]);
  });

  it('does nothing more once it is closed', async () => {
    const { browser, link } = await aLiveLink();
    link.close();
    expect(browser.webSocket.closedWith).toBe(1000);
    const { length } = browser.webSocket.sent;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(browser.webSocket.sent).toHaveLength(length);
    expect(browser.webSockets).toHaveLength(1);
  });
});
