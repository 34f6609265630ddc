import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WhepClient } from '../../../web/core/whep-client.ts';
import { FakeBrowser, created, refused, type SeenRequest } from './fake-browser.ts';

function healthy({ method }: SeenRequest): Response {
  if (method === 'POST') return created();
  return new Response(null, { status: method === 'GET' ? 204 : 200 });
}

async function aConnectedViewer() {
  const browser = new FakeBrowser(healthy);
  const client = new WhepClient({ endpoint: 'https://cast.test/whep/demo', token: '' }, browser);
  client.start();
  await vi.advanceTimersByTimeAsync(0);
  browser.connection.become('connected');
  await vi.advanceTimersByTimeAsync(0);
  return { browser, client };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a change of the network', () => {
  it.each(['online', 'change'] as const)(
    'brings a session whose path is cut back at once (%s)',
    async (event) => {
      const { browser } = await aConnectedViewer();
      browser.connection.become('disconnected');
      await vi.advanceTimersByTimeAsync(500);
      expect(browser.connections).toHaveLength(1);
      browser.happen(event);
      await vi.advanceTimersByTimeAsync(0);
      expect(browser.connections).toHaveLength(2);
      expect([browser.count('POST'), browser.count('DELETE')]).toEqual([2, 1]);
    },
  );

  it.each(['online', 'change'] as const)(
    'is remembered until the path is seen to be cut (%s)',
    async (event) => {
      const { browser } = await aConnectedViewer();
      browser.happen(event);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(browser.connections).toHaveLength(1);
      browser.connection.become('disconnected');
      await vi.advanceTimersByTimeAsync(500);
      expect(browser.connections).toHaveLength(2);
    },
  );

  it('is forgotten after ten seconds, and ICE may recover by itself', async () => {
    const { browser, client } = await aConnectedViewer();
    browser.happen('online');
    await vi.advanceTimersByTimeAsync(10_000);
    browser.connection.become('disconnected');
    await vi.advanceTimersByTimeAsync(3_000);
    browser.connection.become('connected');
    expect(browser.connections).toHaveLength(1);
    client.stop();
  });

  it('leaves a session alone whose path goes on', async () => {
    const { browser } = await aConnectedViewer();
    browser.happen('online');
    browser.happen('change');
    await vi.advanceTimersByTimeAsync(12_000);
    expect(browser.connections).toHaveLength(1);
  });

  const carries = (browser: FakeBrowser, bytesReceived: number, responsesReceived: number) =>
    browser.connection.stats.set('pair', {
      ...{ id: 'pair', type: 'candidate-pair', bytesReceived, responsesReceived },
    });

  it('ends a session within a second of "online" whose path says nothing more, and begins another at once', async () => {
    const { browser } = await aConnectedViewer();
    carries(browser, 1_000, 3);
    browser.happen('online');
    await vi.advanceTimersByTimeAsync(900);
    // A server answers STUN from a new address, and sends its media to the old one.
    carries(browser, 1_000, 4);
    expect(browser.connections).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(browser.connections).toHaveLength(2);
    expect([browser.count('POST'), browser.count('DELETE')]).toEqual([2, 1]);
  });

  it('leaves a session alone whose path brings media after "online"', async () => {
    const { browser } = await aConnectedViewer();
    carries(browser, 1_000, 3);
    browser.happen('online');
    await vi.advanceTimersByTimeAsync(900);
    carries(browser, 1_100, 3);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(browser.connections).toHaveLength(1);
  });

  it('cuts a back-off short by "online", not by a new estimate', async () => {
    const { browser, client } = await aConnectedViewer();
    browser.answer = () => refused(503, 'capacity', '60');
    browser.connection.become('failed');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(client.state.value).toMatchObject({ problem: { code: 'capacity' } });
    const tried = browser.connections.length;
    browser.happen('change');
    expect(browser.connections).toHaveLength(tried);
    browser.happen('online');
    expect(browser.connections).toHaveLength(tried + 1);
  });

  it('means nothing to a client that was stopped', async () => {
    const { browser, client } = await aConnectedViewer();
    client.stop();
    browser.happen('online');
    browser.happen('change');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(browser.connections).toHaveLength(1);
  });
});
