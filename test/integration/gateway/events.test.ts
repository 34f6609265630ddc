import { describe, expect, it } from 'vitest';
import { EventReader } from '../../support/gateway/event-reader.ts';
import type { FakeSrs } from '../../support/gateway/fake-srs.ts';
import {
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../support/gateway/start-gateway.ts';

const REL = 'urn:ietf:params:whep:ext:core:server-sent-events';
const JSON_TYPE = { 'content-type': 'application/json' };

type Stage = Awaited<ReturnType<typeof startGateway>>;

/** A gateway with a live publisher in room `demo`. */
async function aLiveRoom(): Promise<Stage> {
  const stage = await startGateway();
  expect((await stage.gateway.whip()).status).toBe(201);
  await publisherIsUp(stage);
  return stage;
}

async function publisherIsUp({ gateway, srs }: Stage): Promise<void> {
  srs.connectAll();
  const lines = gateway.lines.filter(({ msg }) => msg === 'session live').length;
  await eventually(
    () => gateway.lines.filter(({ msg }) => msg === 'session live').length,
  ).toBeGreaterThan(lines);
}

/** A gateway with an empty room `demo` that viewers may enter. */
const anEmptyRoom = (env: Record<string, string> = {}): Promise<Stage> =>
  startGateway({ env: { WHEP_WITHOUT_PUBLISHER: 'wait', ...env } });

/** Asks until it is so, for longer than the gateway takes to look at its node. */
const eventually = <T>(ask: () => T | Promise<T>) => expect.poll(ask, { timeout: 20_000 });

/** A viewer: its session URL and where its event streams are asked for. */
async function aViewer(gateway: GatewayUnderTest) {
  const reply = await gateway.whep();
  expect(reply.status).toBe(201);
  const link = reply.headers.get('link') ?? '';
  const entry = new RegExp(`<([^>]+)>; rel="${REL}"; events="([^"]+)"`).exec(link);
  return {
    link,
    session: reply.headers.get('location') ?? '',
    entry: entry?.[1] ?? '',
    names: entry?.[2] ?? '',
  };
}

/** A stream of some of its events, all when none are named. */
async function subscribe(gateway: GatewayUnderTest, entry: string, names?: readonly string[]) {
  const reply = await gateway.request('POST', entry, {
    token: null,
    ...(names === undefined ? {} : { headers: JSON_TYPE, body: JSON.stringify(names) }),
  });
  expect(reply.status).toBe(201);
  return reply.headers.get('location') ?? '';
}

const publisherOf = (srs: FakeSrs) => {
  const client = [...srs.clients.values()].find(({ kind }) => kind === 'publish');
  if (client === undefined) throw new Error('nobody publishes');
  return client;
};

describe('event streams over HTTP', () => {
  it('[EVENT-01] [EVENT-08] a 201 of WHEP links to them, by an id that is not the session’s', async () => {
    const { gateway } = await aLiveRoom();
    const viewer = await aViewer(gateway);
    expect(viewer.names).toBe('active,inactive,viewercount,reconnect');
    expect(viewer.entry.startsWith(`${gateway.url}/events/`)).toBe(true);
    expect(viewer.entry).not.toContain(viewer.session.split('/').at(-1));
    const published = await gateway.whip('other');
    expect(published.headers.get('link') ?? '').not.toContain(REL);
  });

  it('[EVENT-02] [EVENT-03] [EVENT-09] POST gives a Location, and its GET is an event stream', async () => {
    const { gateway } = await aLiveRoom();
    const { entry } = await aViewer(gateway);
    const url = await subscribe(gateway, entry);
    expect(url.startsWith(`${gateway.url}/events/streams/`)).toBe(true);
    const reader = await EventReader.open(url);
    expect(reader.status).toBe(200);
    expect(reader.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    await eventually(() => reader.events.length).toBe(2);
    expect(reader.text).toBe(
      'retry: 2000\n\nevent: active\ndata: {}\n\nevent: viewercount\ndata: {"viewercount":1}\n\n',
    );
  });

  it('[EVENT-04] [EVENT-05] tells of the publisher what was asked for, as it happens', async () => {
    const stage = await aLiveRoom();
    const { gateway, srs } = stage;
    const { entry } = await aViewer(gateway);
    const reader = await EventReader.open(await subscribe(gateway, entry, ['active', 'inactive']));
    await srs.leave(publisherOf(srs));
    await eventually(() => reader.events).toEqual(['active {}', 'inactive {}']);
    await gateway.whip();
    await publisherIsUp(stage);
    await eventually(() => reader.events).toEqual(['active {}', 'inactive {}', 'active {}']);
  });

  it('[EVENT-05] says nothing of a publisher that is not there yet', async () => {
    const stage = await anEmptyRoom();
    const { entry } = await aViewer(stage.gateway);
    const url = await subscribe(stage.gateway, entry, ['active', 'inactive', 'viewercount']);
    const reader = await EventReader.open(url);
    await eventually(() => reader.events).toEqual(['viewercount {"viewercount":1}']);
    await stage.gateway.whip();
    await publisherIsUp(stage);
    await eventually(() => reader.events.at(-1)).toBe('active {}');
  });

  it('[EVENT-07] counts viewers', async () => {
    const { gateway } = await anEmptyRoom();
    const first = await aViewer(gateway);
    const reader = await EventReader.open(await subscribe(gateway, first.entry, ['viewercount']));
    const second = await aViewer(gateway);
    await eventually(() => reader.events.at(-1)).toBe('viewercount {"viewercount":2}');
    await gateway.request('DELETE', second.session, { token: null });
    await eventually(() => reader.events.at(-1)).toBe('viewercount {"viewercount":1}');
  });

  it('[EVENT-07] asks viewers to come again when the media server is gone', async () => {
    const { gateway, srs } = await anEmptyRoom();
    const { entry } = await aViewer(gateway);
    const reader = await EventReader.open(await subscribe(gateway, entry, ['reconnect']));
    srs.restart();
    await eventually(() => reader.ending).toBe('complete');
    expect(reader.events).toEqual([`reconnect {"url":"${gateway.url}/whep/demo/main"}`]);
  });

  it('[EVENT-07] a stop of the gateway asks viewers to come again, and waits for no stream', async () => {
    const { gateway } = await anEmptyRoom();
    const { entry } = await aViewer(gateway);
    const reader = await EventReader.open(await subscribe(gateway, entry, ['reconnect']));
    await gateway.close();
    await eventually(() => reader.ending).toBe('complete');
    expect(reader.events).toHaveLength(1);
  });

  it('[EVENT-06] DELETE ends a stream, which is 404 from then on', async () => {
    const { gateway } = await anEmptyRoom();
    const { entry } = await aViewer(gateway);
    const url = await subscribe(gateway, entry);
    const reader = await EventReader.open(url);
    const gone = await gateway.request('DELETE', url, { token: null });
    expect([gone.status, await gone.text()]).toEqual([200, '']);
    await eventually(() => reader.ending).toBe('complete');
    for (const method of ['GET', 'HEAD', 'DELETE']) {
      expect((await gateway.request(method, url, { token: null })).status).toBe(404);
    }
    await subscribe(gateway, entry);
  });

  it('[EVENT-06] the end of a session ends its streams', async () => {
    const { gateway } = await anEmptyRoom();
    const { entry, session } = await aViewer(gateway);
    const url = await subscribe(gateway, entry);
    const reader = await EventReader.open(url);
    await gateway.request('DELETE', session, { token: null });
    await eventually(() => reader.ending).toBe('complete');
    expect(reader.text).not.toContain('reconnect');
    const [stream, another] = [
      await gateway.request('GET', url, { token: null }),
      await gateway.request('POST', entry, { token: null }),
    ];
    expect([stream.status, another.status]).toEqual([404, 404]);
    expect((await problemOf(stream))['code']).toBe('not-found');
  });

  it('[EVENT-10] a stream is continued by a new GET, whatever Last-Event-ID says', async () => {
    const { gateway, srs } = await aLiveRoom();
    const { entry } = await aViewer(gateway);
    const url = await subscribe(gateway, entry, ['active', 'inactive']);
    const first = await EventReader.open(url);
    await eventually(() => first.events).toEqual(['active {}']);
    first.close();
    const second = await EventReader.open(url, { 'last-event-id': '7' });
    await eventually(() => second.events).toEqual(['active {}']);
    const third = await EventReader.open(url);
    await eventually(() => second.ending).toBe('complete');
    await srs.leave(publisherOf(srs));
    await eventually(() => third.events).toEqual(['active {}', 'inactive {}']);
  });

  it('[EVENT-10] a session has two streams at most', async () => {
    const { gateway } = await anEmptyRoom();
    const { entry } = await aViewer(gateway);
    await subscribe(gateway, entry);
    await subscribe(gateway, entry);
    const third = await gateway.request('POST', entry, { token: null });
    expect([third.status, (await problemOf(third))['code']]).toEqual([429, 'rate-limited']);
  });

  it.each([
    ['an unknown name', '["active","scte35"]', 400],
    ['an event that was not announced', '["layers"]', 400],
    ['a name with a line break', '["active\\nevent: forged"]', 400],
    ['an empty list', '[]', 400],
    ['many names', JSON.stringify(Array.from({ length: 17 }, () => 'active')), 400],
    ['a long name', JSON.stringify(['a'.repeat(1000)]), 400],
    ['an object', '{"active":true}', 400],
    ['a polluting object', '{"__proto__":{"length":1,"0":"active"}}', 400],
    ['a polluting list', '[{"__proto__":{"constructor":"active"}}]', 400],
    ['a bare text', '"active"', 400],
    ['no JSON', '["active"', 400],
    ['1 MiB', JSON.stringify(Array.from({ length: 100_000 }, () => 'inactive')), 413],
  ])(
    '[EVENT-02] [HOSTILE-37] [HOSTILE-40] refuses %s and opens no stream',
    async (_, body, status) => {
      const { gateway } = await anEmptyRoom();
      const { entry } = await aViewer(gateway);
      const reply = await gateway.request('POST', entry, { token: null, headers: JSON_TYPE, body });
      expect(reply.status).toBe(status);
      expect(JSON.stringify(await problemOf(reply))).not.toContain('forged');
      expect(reply.headers.get('location')).toBeNull();
      expect(await openStreams(gateway)).toBe(0);
      expect(({} as Record<string, unknown>)['0']).toBeUndefined();
    },
  );

  it('[EVENT-09] refuses what whep.js always asks for, and its session goes on', async () => {
    const { gateway } = await anEmptyRoom();
    const { entry, session } = await aViewer(gateway);
    const body = '["active","inactive","layers","viewercount"]';
    const reply = await gateway.request('POST', entry, { headers: JSON_TYPE, body });
    expect(reply.status).toBe(400);
    expect((await gateway.request('GET', session, { token: null })).status).toBe(204);
  });

  it('[EVENT-02] refuses another content type', async () => {
    const { gateway } = await anEmptyRoom();
    const { entry } = await aViewer(gateway);
    const headers = { 'content-type': 'text/plain' };
    const reply = await gateway.request('POST', entry, {
      token: null,
      headers,
      body: '["active"]',
    });
    expect([reply.status, reply.headers.get('accept-post')]).toEqual([415, 'application/json']);
  });

  it('[HOSTILE-37] has a cap on all streams together, and counts those that are open', async () => {
    const { gateway } = await anEmptyRoom({ MAX_EVENT_STREAMS: '3' });
    const viewers = [await aViewer(gateway), await aViewer(gateway), await aViewer(gateway)];
    for (const { entry } of viewers) await subscribe(gateway, entry);
    const reply = await gateway.request('POST', viewers[0]?.entry ?? '', { token: null });
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, '10']);
    expect(await openStreams(gateway)).toBe(3);
    for (const { session } of viewers) await gateway.request('DELETE', session, { token: null });
    expect(await openStreams(gateway)).toBe(0);
  });

  it('keeps capabilities out of the log', async () => {
    const { gateway } = await anEmptyRoom();
    const { entry } = await aViewer(gateway);
    const url = await subscribe(gateway, entry);
    await EventReader.open(url);
    await gateway.request('POST', entry, { token: null, headers: JSON_TYPE, body: '["x"]' });
    const log = JSON.stringify(gateway.lines);
    for (const secret of [entry, url]) expect(log).not.toContain(secret.split('/').at(-1));
  });

  it.each([
    ['/events/unknown', 'POST', 'Accept-Post', 'application/json'],
    ['/events/streams/unknown', 'GET', 'Allow', 'DELETE, GET, HEAD, OPTIONS'],
  ])('[CORS-02] answers a preflight of %s without a token', async (path, method, name, value) => {
    const { gateway } = await startGateway();
    const reply = await gateway.request('OPTIONS', path, {
      token: null,
      headers: {
        origin: 'https://player.example',
        'access-control-request-method': method,
        'access-control-request-headers': 'content-type',
      },
    });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('access-control-allow-origin')).toBe('*');
    expect(reply.headers.get('access-control-allow-methods')).toContain(method);
    expect(reply.headers.get('access-control-allow-headers')).toMatch(/content-type/i);
    expect(reply.headers.get(name)).toBe(value);
  });

  it('[CORS-05] [CORS-06] lets players of other origins read streams, Location and refusals', async () => {
    const { gateway } = await anEmptyRoom();
    const { entry } = await aViewer(gateway);
    const headers = { origin: 'https://player.example' };
    const created = await gateway.request('POST', entry, { token: null, headers });
    expect(created.headers.get('access-control-expose-headers')).toContain('Location');
    const reader = await EventReader.open(created.headers.get('location') ?? '', headers);
    expect(reader.response.headers['access-control-allow-origin']).toBe('*');
    const refused = await gateway.request('GET', '/events/streams/unknown', { headers });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([
      404,
      '*',
    ]);
  });

  it.each([
    ['PUT', '/events/unknown', 'OPTIONS, POST'],
    ['GET', '/events/unknown', 'OPTIONS, POST'],
    ['POST', '/events/streams/unknown', 'DELETE, GET, HEAD, OPTIONS'],
  ])('%s %s is 405', async (method, path, allow) => {
    const { gateway } = await startGateway();
    const reply = await gateway.request(method, path);
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, allow]);
  });

  it('takes HEAD for a question, not for a reader', async () => {
    const { gateway } = await anEmptyRoom();
    const { entry } = await aViewer(gateway);
    const url = await subscribe(gateway, entry);
    const reader = await EventReader.open(url);
    const head = await gateway.request('HEAD', url, { token: null });
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    expect(reader.ending).toBeNull();
  });
});

/** The gauge of event streams. */
async function openStreams(gateway: GatewayUnderTest): Promise<number> {
  const text = await (await gateway.request('GET', '/metrics')).text();
  return Number(/^pixelcast_event_streams (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
}
