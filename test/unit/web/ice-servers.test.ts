import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WhepClient } from '../../../web/core/whep-client.ts';
import type { WhepClientOptions } from '../../../web/core/whep-client.ts';
import { FakeBrowser, created, refused, type SeenRequest } from './fake-browser.ts';

const TURN = { urls: ['turn:turn.test:3478'], username: 'u', credential: 'c' };
const STUN = { urls: 'stun:stun.test' };

function healthy({ method }: SeenRequest): Response {
  if (method === 'POST') return created();
  return new Response(null, { status: method === 'GET' ? 204 : 200 });
}

async function aViewer(
  iceServers: FakeBrowser['iceServers'],
  over: Partial<WhepClientOptions> = {},
) {
  const browser = new FakeBrowser(healthy);
  browser.iceServers = iceServers;
  const client = new WhepClient(
    { endpoint: 'https://cast.test/whep/demo', token: 'tok', ...over },
    browser,
  );
  client.start();
  await vi.advanceTimersByTimeAsync(0);
  const reconnect = async () => {
    browser.connection.become('connected');
    browser.connection.become('failed');
    await vi.advanceTimersByTimeAsync(1_000);
  };
  return { browser, client, reconnect };
}

const gives =
  (...iceServers: unknown[]): FakeBrowser['iceServers'] =>
  () =>
    Response.json({ iceServers });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('ICE servers of a session', () => {
  it('are asked of the same origin with the token, and used for the offer', async () => {
    const { browser } = await aViewer(gives(TURN));
    expect(browser.iceRequests).toMatchObject([
      {
        method: 'GET',
        url: 'https://cast.test/api/v1/ice-servers',
        authorization: 'Bearer tok',
      },
    ]);
    expect(browser.connection.offeredWith).toEqual({
      bundlePolicy: 'max-bundle',
      iceServers: [TURN],
    });
    expect(browser.count('POST')).toBe(1);
  });

  it.each<[string, FakeBrowser['iceServers']]>([
    ['names none', gives()],
    ['refuses', () => refused(404, 'not-found')],
    ['cannot be reached', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['says nonsense', () => new Response('<html>')],
    ['says something else', () => Response.json({ iceServers: 'none' })],
  ])('are none when the gateway %s', async (_, answer) => {
    const { browser } = await aViewer(answer);
    expect(browser.connection.offeredWith).toEqual({ bundlePolicy: 'max-bundle' });
    expect(browser.count('POST')).toBe(1);
  });

  it('[ICE-21] are asked for anew at half their life, and not used after it', async () => {
    let answer = Response.json({ iceServers: [TURN], ttlSeconds: 4 });
    const { browser, reconnect } = await aViewer(() => Promise.resolve(answer));
    answer = refused(503, 'shutting-down');
    await reconnect();
    expect(browser.iceRequests).toHaveLength(1);
    vi.setSystemTime(Date.now() + 2_000);
    await reconnect();
    expect(browser.iceRequests).toHaveLength(2);
    vi.setSystemTime(Date.now() + 2_000);
    await reconnect();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(browser.connection.offeredWith).toEqual({ bundlePolicy: 'max-bundle' });
  });

  it('[ICE-18] may be used to try TURN alone', async () => {
    const { browser } = await aViewer(gives(TURN), { iceTransportPolicy: 'relay' });
    expect(browser.connection.offeredWith).toEqual({
      bundlePolicy: 'max-bundle',
      iceTransportPolicy: 'relay',
      iceServers: [TURN],
    });
  });

  it('do not cost the session when the browser does not take them', async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const { browser } = await aViewer(() => promise);
    browser.connection.refusesConfiguration = true;
    resolve(Response.json({ iceServers: [{ urls: 'nonsense' }] }));
    await vi.advanceTimersByTimeAsync(0);
    expect(browser.count('POST')).toBe(1);
  });

  it('are asked for while the media is prepared', async () => {
    const { browser } = await aViewer(() => new Promise(() => undefined));
    expect(browser.connection.kinds).toEqual(['audio', 'video']);
    expect(browser.count('POST')).toBe(0);
  });

  it('bring no offer after the end', async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const { browser, client } = await aViewer(() => promise);
    client.stop();
    resolve(Response.json({ iceServers: [TURN] }));
    await vi.advanceTimersByTimeAsync(0);
    expect(browser.count('POST')).toBe(0);
  });

  it('are kept for a reconnect, for ten minutes', async () => {
    const { browser, reconnect } = await aViewer(gives(TURN));
    await reconnect();
    expect(browser.connections).toHaveLength(2);
    expect(browser.connection.offeredWith?.iceServers).toEqual([TURN]);
    expect(browser.iceRequests).toHaveLength(1);
    vi.setSystemTime(Date.now() + 11 * 60_000);
    browser.iceServers = gives(STUN);
    await reconnect();
    expect(browser.connection.offeredWith?.iceServers).toEqual([STUN]);
    vi.setSystemTime(Date.now() + 11 * 60_000);
    browser.iceServers = () => refused(503, 'shutting-down');
    await reconnect();
    expect(browser.connection.offeredWith?.iceServers).toEqual([STUN]);
    expect(browser.iceRequests).toHaveLength(3);
  });

  it('are those of the option where it is given, and none are asked for', async () => {
    const { browser } = await aViewer(gives(TURN), { iceServers: [STUN] });
    expect(browser.connection.offeredWith?.iceServers).toEqual([STUN]);
    expect((await aViewer(gives(TURN), { iceServers: [] })).browser.iceRequests).toEqual([]);
    expect(browser.iceRequests).toEqual([]);
  });

  it('are not asked for without a token', async () => {
    const { browser } = await aViewer(gives(TURN), { token: '' });
    expect(browser.iceRequests).toEqual([]);
    expect(browser.count('POST')).toBe(1);
  });
});
