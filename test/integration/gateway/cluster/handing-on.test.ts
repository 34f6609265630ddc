import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../../gateway/limits/limits.ts';
import { aCluster, clusterMetric } from '../../../support/gateway/a-cluster.ts';
import { aToken } from '../../../support/gateway/a-token.ts';
import { HOOK_SECRET, problemOf } from '../../../support/gateway/start-gateway.ts';
import { startRedis } from '../../../support/redis/start-redis.ts';

describe('two gateways of one cluster', () => {
  test('[CLUSTER-01] serve a room at whichever of them one asks, hooks too', async () => {
    const redis = await startRedis();
    const { gateways, srs } = await aCluster(redis.url);
    const [one, two] = gateways;
    // Hooks of the node go to the first: the room is at home at the second.
    const shared = await two.whip('demo');
    expect(shared.status).toBe(201);
    const location = new URL(shared.headers.get('location') ?? '', two.url);
    expect(location.host).toBe(new URL(two.url).host);
    srs.connectAll();
    const watching = await one.whep('demo');
    expect(watching.status).toBe(201);
    expect(await watching.text()).toContain('v=0');
    const resource = new URL(watching.headers.get('location') ?? '', one.url).pathname;
    expect((await two.request('GET', resource, { token: null })).status).toBe(204);
    const etag = watching.headers.get('etag') ?? '';
    const patch = await one.request('PATCH', resource, {
      token: null,
      headers: { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': etag },
      body: 'a=end-of-candidates\r\n',
    });
    expect(patch.status).toBe(204);
    expect((await one.request('DELETE', resource, { token: null })).status).toBe(200);
    expect((await two.request('GET', resource, { token: null })).status).toBe(404);
    expect(await clusterMetric(one, 'rooms')).toBe(0);
    expect(await clusterMetric(two, 'rooms')).toBe(1);
  }, 60_000);

  test('[CLUSTER-02] stream server-sent events from the home', async () => {
    const redis = await startRedis();
    const { gateways, srs } = await aCluster(redis.url);
    const [one, two] = gateways;
    expect((await two.whip('demo')).status).toBe(201);
    srs.connectAll();
    const watching = await one.whep('demo');
    const link = /<([^>]+)>; rel="urn:ietf:params:whep:ext:core:server-sent-events"/.exec(
      watching.headers.get('link') ?? '',
    )?.[1];
    const entry = await one.request('POST', new URL(link ?? '', one.url).pathname, { token: null });
    expect(entry.status).toBe(201);
    const path = new URL(entry.headers.get('location') ?? '', one.url).pathname;
    const stream = await one.request('GET', path, { token: null });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain('viewercount');
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    expect(await clusterMetric(one, 'handed_on')).toBe(1);
    await reader?.cancel();
  }, 60_000);

  test('[CLUSTER-64] answer for a room at all times while its gateway stops', async () => {
    const redis = await startRedis();
    const { gateways, srs } = await aCluster(redis.url, { SHUTDOWN_NOTICE_MS: '0' });
    const [one, two] = gateways;
    const shared = await two.whip('demo');
    const path = new URL(shared.headers.get('location') ?? '', two.url).pathname;
    srs.connectAll();
    srs.hooks = { url: `${one.url}/api/srs`, secret: encodeURIComponent(HOOK_SECRET) };
    const statuses = new Set<number>();
    const closed = new AbortController();
    const closing = two.close().finally(() => closed.abort());
    while (!closed.signal.aborted) {
      statuses.add((await one.request('GET', path, { token: null })).status);
    }
    await closing;
    statuses.add((await one.request('GET', path, { token: null })).status);
    expect([...statuses]).toEqual([204]);
    expect(await clusterMetric(one, 'rooms')).toBe(1);
  }, 60_000);

  test('[CLUSTER-65] say what is wrong with an offer for a new room as of any other', async () => {
    const redis = await startRedis();
    const { gateways } = await aCluster(redis.url);
    const [one] = gateways;
    const refusals = [
      [{ offer: 'v=0' }, 'sdp-malformed'],
      [{ offer: new Uint8Array([0x76, 0xff]) }, 'sdp-malformed'],
      [{ offer: 'x'.repeat(LIMITS.bodyBytes + 1) }, 'body-too-large'],
      [{ headers: { 'content-type': 'text/plain' } }, 'media-type-unsupported'],
    ] as const;
    for (const [at, [given, code]] of refusals.entries()) {
      const room = `new-${at}`;
      const asked = { token: aToken({ room }), ...given };
      expect(await problemOf(await one.whip(room, asked))).toMatchObject({ code });
      expect(await problemOf(await one.whip(room, asked))).toMatchObject({ code });
    }
    expect((await one.whip('new', { token: aToken({ room: 'new' }) })).status).toBe(201);
  }, 60_000);

  test('[CLUSTER-03] refuse whoever is no gateway and says that it hands on', async () => {
    const redis = await startRedis();
    const { gateways } = await aCluster(redis.url);
    const [one] = gateways;
    for (const pass of ['', 'x', `${Date.now()} p 127.0.0.1 ${'a'.repeat(43)}`]) {
      const reply = await one.whep('demo', { headers: { 'x-pixelcast-peer': pass } });
      expect(reply.status).toBe(403);
      expect(await problemOf(reply)).toMatchObject({ code: 'scope-insufficient' });
    }
    expect((await one.request('GET', '/cluster/standing')).status).toBe(404);
  }, 60_000);

  test('[CLUSTER-04] give no room a home for who has no right to it', async () => {
    const redis = await startRedis();
    const { gateways } = await aCluster(redis.url);
    const [one] = gateways;
    const others = aToken({ room: 'another' });
    for (let at = 0; at < 20; at += 1) {
      expect((await one.whep(`guess-${at}`, { token: others })).status).toBe(403);
      expect((await one.whep(`guess-${at}`, { token: null })).status).toBe(401);
      const secret = `${'a'.repeat(32)}.guess-${at}.${'b'.repeat(16)}`;
      expect((await one.request('DELETE', `/sessions/${secret}`, { token: null })).status).toBe(
        404,
      );
    }
    expect(await clusterMetric(one, 'rooms')).toBe(0);
    expect((await one.whep('demo')).status).toBe(409);
    expect(await clusterMetric(one, 'rooms')).toBe(1);
  }, 60_000);
});
