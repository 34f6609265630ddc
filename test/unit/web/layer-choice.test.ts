import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { layersEvent } from '../../../gateway/events/layers-event.ts';
import type { NodeLayer } from '../../../gateway/media/node.ts';
import { WhepClient } from '../../../web/core/whep-client.ts';
import { FakeBrowser, created, refused, type SeenRequest } from './fake-browser.ts';

const EVENTS_LINK =
  '</events/cap>; rel="urn:ietf:params:whep:ext:core:server-sent-events"; events="active,inactive,viewercount,reconnect,layers"';
const LAYERS_LINK = '</layers/cap>; rel="urn:ietf:params:whep:ext:core:layer"';

/** A server with event streams, and with layers when `link` says so. */
const serverWith =
  (link: string) =>
  ({ method, url }: SeenRequest): Response => {
    if (url.includes('/events/')) {
      return new Response(null, { status: 201, headers: { Location: '/events/streams/one' } });
    }
    if (url.includes('/layers/')) return new Response(null, { status: 200 });
    if (method === 'POST') return created('https://cast.test/sessions/abc', link);
    return new Response(null, { status: method === 'GET' ? 204 : 200 });
  };
const layered = serverWith(`${EVENTS_LINK}, ${LAYERS_LINK}`);

const aLayer = (rid: string, height: number, active = true): NodeLayer => ({
  rid,
  width: Math.round((height * 16) / 9),
  height,
  bitrate: height * 1000,
  active,
});
const THREE = [aLayer('q', 180), aLayer('h', 360), aLayer('f', 720)];

async function connect(browser: FakeBrowser): Promise<void> {
  await vi.advanceTimersByTimeAsync(500);
  browser.connection.become('connected');
  await vi.advanceTimersByTimeAsync(100);
  browser.eventSources.at(-1)?.open();
}

async function aViewer(answer: FakeBrowser['answer'] = layered) {
  const browser = new FakeBrowser(answer);
  const client = new WhepClient({ endpoint: 'https://cast.test/whep/demo', token: 'tok' }, browser);
  client.start();
  await connect(browser);
  const tell = (layers: readonly NodeLayer[]) =>
    browser.eventSources.at(-1)?.say('layers', layersEvent('1', layers));
  const choose = async (rid: string | null) => {
    client.layers.choose(rid);
    await vi.advanceTimersByTimeAsync(0);
  };
  const asked = () =>
    browser.requests
      .filter(({ url }) => url.includes('/layers/'))
      .map(({ method, body }) => (body === null ? method : `${method} ${body}`));
  return { browser, client, tell, choose, asked };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('the choice of a layer', () => {
  it('[LAYER-01] asks for the event "layers" only where layers can be chosen', async () => {
    const wanted = async (answer: FakeBrowser['answer']) => {
      const { browser } = await aViewer(answer);
      return browser.requests.find(({ url }) => url.includes('/events/'))?.body;
    };
    expect(await wanted(layered)).toBe('["active","inactive","viewercount","reconnect","layers"]');
    expect(await wanted(serverWith(EVENTS_LINK))).not.toContain('layers');
  });

  it('lists the layers, largest first, where there is more than one', async () => {
    const { client, tell } = await aViewer();
    expect(client.layers.menu.value).toEqual({ layers: [], chosen: null });
    tell([aLayer('q', 180)]);
    expect(client.layers.menu.value.layers).toEqual([]);
    tell(THREE);
    expect(client.layers.menu.value.layers).toEqual([
      { rid: 'f', height: 720, sent: true },
      { rid: 'h', height: 360, sent: true },
      { rid: 'q', height: 180, sent: true },
    ]);
    tell([]);
    expect(client.layers.menu.value.layers).toEqual([]);
  });

  it('leaves out a layer whose size is not known, and keeps one that is held back', async () => {
    const { client, tell } = await aViewer();
    tell([aLayer('q', 180), aLayer('h', 360), aLayer('f', 0)]);
    expect(client.layers.menu.value.layers.map(({ rid }) => rid)).toEqual(['h', 'q']);
    tell([aLayer('q', 180), aLayer('h', 360, false)]);
    expect(client.layers.menu.value.layers[0]).toEqual({ rid: 'h', height: 360, sent: false });
  });

  it('[LAYER-02] [LAYER-03] takes one by POST and goes back by DELETE, without a token', async () => {
    const { browser, client, tell, choose, asked } = await aViewer();
    tell(THREE);
    await choose('h');
    expect(client.layers.menu.value.chosen).toBe('h');
    await choose(null);
    expect(asked()).toEqual(['POST {"mediaId":"1","rid":"h"}', 'DELETE']);
    const tokens = browser.requests.filter(({ url }) => url.includes('/layers/'));
    expect(tokens.map(({ authorization }) => authorization)).toEqual([null, null]);
  });

  it.each([
    ['refuses', () => refused(422, 'layer-unavailable')],
    ['cannot be reached', () => Promise.reject(new TypeError('Failed to fetch'))],
  ])('shows the choice of before when the server %s', async (_, answer) => {
    const { browser, client, tell, choose } = await aViewer();
    tell(THREE);
    await choose('h');
    browser.answer = (request) => (request.url.includes('/layers/') ? answer() : layered(request));
    await choose('f');
    expect(client.layers.menu.value.chosen).toBe('h');
  });

  it('sends one request after the other, and of several choices the last', async () => {
    const { browser, client, tell, asked } = await aViewer();
    tell(THREE);
    const { promise, resolve } = Promise.withResolvers<Response>();
    browser.answer = () => promise;
    client.layers.choose('q');
    await vi.advanceTimersByTimeAsync(0);
    client.layers.choose('h');
    client.layers.choose('f');
    await vi.advanceTimersByTimeAsync(0);
    expect(asked()).toHaveLength(1);
    browser.answer = layered;
    resolve(new Response(null, { status: 200 }));
    await vi.advanceTimersByTimeAsync(0);
    expect(asked().slice(1)).toEqual(['POST {"mediaId":"1","rid":"f"}']);
    expect(client.layers.menu.value.chosen).toBe('f');
  });

  it('keeps the choice through a reconnect, once the layer is sent', async () => {
    const { browser, client, tell, choose, asked } = await aViewer();
    tell(THREE);
    await choose('h');
    browser.connection.become('failed');
    await connect(browser);
    expect(client.layers.menu.value).toEqual({ layers: [], chosen: 'h' });
    tell([aLayer('q', 180), aLayer('f', 720)].concat(aLayer('h', 360, false)));
    tell(THREE);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked()).toEqual(Array(2).fill('POST {"mediaId":"1","rid":"h"}'));
  });

  it('keeps the choice while the source is away', async () => {
    const { client, tell, choose, asked } = await aViewer();
    tell(THREE);
    await choose('h');
    tell([]);
    tell(THREE);
    await vi.advanceTimersByTimeAsync(0);
    expect(client.layers.menu.value.chosen).toBe('h');
    expect(asked()).toEqual(Array(2).fill('POST {"mediaId":"1","rid":"h"}'));
  });

  it('gives up a choice that the source no longer has', async () => {
    const { client, tell, choose, asked } = await aViewer();
    tell(THREE);
    await choose('h');
    tell([aLayer('low', 180), aLayer('high', 720)]);
    await vi.advanceTimersByTimeAsync(0);
    expect(client.layers.menu.value.chosen).toBeNull();
    expect(asked().at(-1)).toBe('DELETE');
  });

  it.each(['nonsense', null, 3, { 1: {} }, { 1: null }])('is not disturbed by %j', async (data) => {
    const { browser, client, tell } = await aViewer();
    tell(THREE);
    browser.eventSources.at(-1)?.say('layers', data);
    expect(client.layers.menu.value.layers).toHaveLength(3);
  });
});
