import { describe, expect, test } from 'vitest';
import { PUBLISH_MEDIA_PROTOCOL } from '../../../gateway/protocol/media/media-protocol.ts';
import { anAdminToken, aToken } from '../../support/gateway/a-token.ts';
import {
  aMediaPublisher,
  aMediaViewer,
  connectMedia,
  pageProtocols,
} from '../../support/gateway/media-socket.ts';
import {
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../support/gateway/start-gateway.ts';
import {
  aHost,
  aViewer,
  connectSocket,
  openSocket,
  TestSocket,
} from '../../support/gateway/test-socket.ts';
import { waitFor } from '../../support/wait-for.ts';

interface SessionItem {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly transport: string;
}

const sessionsOf = async (gateway: GatewayUnderTest): Promise<readonly SessionItem[]> =>
  ((await gateway.json('/api/v1/sessions', anAdminToken())) as { items: SessionItem[] }).items;

const secretOf = (socket: TestSocket): string =>
  String(socket.heard('media/welcome')[0]?.['session']);

const machine = (): string => aToken({ sub: 'machine', can: ['host', 'publish'] });

/** How a page hears that it may not publish or watch. */
async function refusedInside(
  gateway: GatewayUnderTest,
  token: string,
  protocol?: string,
): Promise<{ readonly code: number; readonly reason: string }> {
  const protocols = pageProtocols(token, protocol);
  return await (await openSocket(gateway.url, '/ws/media/demo', { protocols })).end();
}

describe('sessions of media sockets', () => {
  test('[MEDIA-30] stand in the API beside the others, with their transport', async () => {
    const { gateway, srs } = await startGateway();
    await aMediaPublisher(gateway.url, { token: aToken({ sub: 'anna' }) });
    await aMediaViewer(gateway.url);
    await gateway.whip();
    const items = await sessionsOf(gateway);
    expect(items.map(({ kind, transport, subject }) => [kind, transport, subject])).toEqual([
      ['publish', 'websocket', 'anna'],
      ['watch', 'websocket', 'ben'],
      ['publish', 'webrtc', 'anna'],
    ]);
    expect(items[0]).toMatchObject({ state: 'live', node: 'websocket', address: '127.0.0.1' });
    expect(await gateway.json('/api/v1/rooms/demo', aToken({ can: ['watch'] }))).toMatchObject({
      sources: [{ source: 'main', live: true, transports: ['websocket'], viewers: 1 }],
    });
    expect(srs.offers).toHaveLength(1);
  });

  test('[MEDIA-37] end by a kick, in both modes', async () => {
    const { gateway } = await startGateway();
    const publisher = await aMediaPublisher(gateway.url, { token: aToken({ sub: 'anna' }) });
    const viewer = await aMediaViewer(gateway.url);
    const whip = await gateway.whip();
    const [publish, watch] = await sessionsOf(gateway);
    for (const { id } of [publish, watch].filter((each) => each !== undefined)) {
      const token = anAdminToken();
      expect((await gateway.request('DELETE', `/api/v1/sessions/${id}`, { token })).status).toBe(
        204,
      );
    }
    expect(await publisher.end()).toEqual({ code: 4401, reason: 'An administrator ended this.' });
    expect((await viewer.end()).code).toBe(4401);
    const url = whip.headers.get('location') ?? '';
    expect(await problemOf(await fetch(url))).toMatchObject({ reason: 'kicked' });
    expect(await sessionsOf(gateway)).toEqual([]);
  });

  test('[MEDIA-37] end with their token: taken back, or run out', async () => {
    const { gateway } = await startGateway();
    const expiring = await aMediaPublisher(gateway.url, { token: aToken({ seconds: 2 }) });
    const revoked = await aMediaViewer(gateway.url);
    const reply = await gateway.request('POST', '/api/v1/revocations', {
      token: anAdminToken(),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sub: 'ben' }),
    });
    expect(reply.status).toBe(201);
    expect(await revoked.end()).toMatchObject({ code: 4401 });
    expect(await expiring.end()).toMatchObject({ code: 4401 });
    expect(await refusedInside(gateway, aToken({ sub: 'ben', seconds: 60 }))).toMatchObject({
      code: 4401,
    });
  });

  test('[MEDIA-37] end with DELETE of their session, and with the gateway', async () => {
    const { gateway } = await startGateway();
    const [left, stays] = [await aMediaViewer(gateway.url), await aMediaViewer(gateway.url)];
    const path = `/sessions/${secretOf(left)}`;
    const status = async (method: string) =>
      (await gateway.request(method, path, { token: null })).status;
    expect([await status('GET'), await status('DELETE')]).toEqual([204, 200]);
    expect(await left.end()).toMatchObject({ code: 1000 });
    expect(await status('GET')).toBe(404);
    await gateway.close();
    expect(await stays.end()).toMatchObject({ code: 1001 });
  });

  test('[MEDIA-44] are in no log by their secret, and in the figures by transport alone', async () => {
    const { gateway } = await startGateway();
    const viewer = await aMediaViewer(gateway.url);
    await refusedInside(gateway, aToken({ can: ['control'] }));
    viewer.socket.close();
    await waitFor(() => gateway.lines.some(({ msg }) => msg === 'session ended'), {
      what: 'its end',
    });
    expect(JSON.stringify(gateway.lines)).not.toContain(secretOf(viewer));
    const text = await (await gateway.request('GET', '/metrics', {})).text();
    const attempts = 'pixelcast_session_attempts_total{kind="watch",transport="websocket"';
    expect(text).toContain(`${attempts},result="ok"} 1`);
    expect(text).toContain(`${attempts},result="refused"} 1`);
    expect(text).toContain('pixelcast_sessions{kind="watch",transport="websocket"} 0');
    expect(text).toContain(
      'pixelcast_sessions_ended_total{kind="watch",transport="websocket",reason="client"} 1',
    );
  });
});

describe('who may have a media socket', () => {
  test.each([
    ['publishes with a token to watch', { can: ['watch'] }],
    ['has control alone', { can: ['control'] }],
    ['has a token of another room', { room: 'other' }],
    ['has a token of another source', { sources: ['screen'] }],
  ])('[MEDIA-40] not whoever %s: 403, or 4403 for a page', async (_, options) => {
    const { gateway, srs } = await startGateway();
    const token = aToken(options);
    const agent = await connectMedia(gateway.url, PUBLISH_MEDIA_PROTOCOL, { token });
    expect(agent).toMatchObject({ status: 403, problem: { code: 'scope-insufficient' } });
    expect(await refusedInside(gateway, token, PUBLISH_MEDIA_PROTOCOL)).toMatchObject({
      code: 4403,
    });
    if (!('can' in options && options.can.includes('watch'))) {
      expect(await refusedInside(gateway, token)).toMatchObject({ code: 4403 });
    }
    expect(await sessionsOf(gateway)).toEqual([]);
    expect(srs.offers).toEqual([]);
  });

  test('[MEDIA-31] not who comes to a source that another publishes: 409, or 4409 for a page', async () => {
    const { gateway } = await startGateway();
    const publisher = await aMediaPublisher(gateway.url, { token: aToken({ sub: 'anna' }) });
    const ben = aToken({ sub: 'ben' });
    expect(await connectMedia(gateway.url, PUBLISH_MEDIA_PROTOCOL, { token: ben })).toMatchObject({
      status: 409,
      problem: { code: 'source-busy' },
    });
    expect(await refusedInside(gateway, ben, PUBLISH_MEDIA_PROTOCOL)).toMatchObject({
      code: 4409,
      reason: 'Somebody else is sharing here already.',
    });
    const whip = await gateway.whip('demo', { token: ben });
    expect(await problemOf(whip)).toMatchObject({ status: 409, code: 'source-busy' });
    const newer = await aMediaPublisher(gateway.url, { token: aToken({ sub: 'anna' }) });
    expect(await publisher.end()).toMatchObject({ code: 4409 });
    expect(newer.closed).toBeNull();
  });

  test('[MEDIA-41] not who is one too many: 503 or 4503, 429 or 4429', async () => {
    const { gateway } = await startGateway({
      env: { MAX_VIEWERS_PER_ROOM: '1', MAX_SESSIONS_PER_SUBJECT: '1' },
    });
    await aMediaViewer(gateway.url);
    expect(await refusedInside(gateway, aToken({ sub: 'carl' }))).toMatchObject({ code: 4503 });
    const ben = aToken({ sub: 'ben' });
    expect(await refusedInside(gateway, ben, PUBLISH_MEDIA_PROTOCOL)).toMatchObject({ code: 4429 });
    const agent = await connectMedia(gateway.url, PUBLISH_MEDIA_PROTOCOL, { token: ben });
    expect(agent).toMatchObject({ status: 429, problem: { code: 'too-many-sessions' } });
    const whep = await gateway.whep('demo', { token: aToken({ sub: 'carl' }) });
    expect(whep.status).toBe(503);
  });

  test('[MEDIA-43] nobody where MEDIA_WEBSOCKET is off', async () => {
    const { gateway } = await startGateway({ env: { MEDIA_WEBSOCKET: 'off' } });
    expect(await refusedInside(gateway, aToken())).toEqual({
      code: 4400,
      reason: 'Media over WebSockets is off here.',
    });
    const agent = await connectMedia(gateway.url, PUBLISH_MEDIA_PROTOCOL, { token: aToken() });
    expect(agent).toMatchObject({ status: 404, problem: { code: 'not-found' } });
  });
});

describe('both modes of a source', () => {
  test('[MEDIA-33] a WHEP offer hears that it is there by WebSocket alone', async () => {
    const { gateway } = await startGateway();
    const nobody = await problemOf(await gateway.whep());
    expect(nobody).toMatchObject({ status: 409, code: 'no-publisher' });
    expect(nobody).not.toHaveProperty('transports');
    await aMediaPublisher(gateway.url);
    const reply = await gateway.whep();
    expect(reply.headers.get('retry-after')).toBe('2');
    expect(await problemOf(reply)).toMatchObject({
      status: 409,
      code: 'no-publisher',
      transports: ['websocket'],
    });
  });

  test('[MEDIA-34] [MEDIA-38] a host hears of demand in both, and of players in both', async () => {
    const { gateway } = await startGateway();
    const host = await aHost(gateway.url, { token: machine(), status: { state: 'live' } });
    const viewer = await aMediaViewer(gateway.url);
    await host.hearsSuch('media/demand', ({ websocket }) => websocket === 1);
    await aMediaPublisher(gateway.url, { token: machine() });
    await viewer.hearsSuch('media/state', ({ publishing }) => publishing === true);
    await gateway.whip('demo', { token: machine() });
    expect((await gateway.whep('demo', { token: aToken({ sub: 'carl' }) })).status).toBe(201);
    await host.hearsSuch(
      'media/demand',
      ({ viewers, websocket }) => viewers === 1 && websocket === 1,
    );
    await viewer.hearsSuch('media/viewers', ({ count }) => count === 2);
    const page = await aViewer(gateway.url, { session: secretOf(viewer) });
    page.say({
      type: 'viewer/report',
      report: {
        ...{ loss: 0, jitterMs: 1, framesReceived: 60, framesDecoded: 60, framesDropped: 0 },
        ...{ decodeMs: 1, freezes: 0, freezeMs: 0 },
      },
    });
    await host.hearsSuch('audience/report', (message) =>
      JSON.stringify(message).includes('"viewers":2,"reporting":1'),
    );
    viewer.say({ type: 'media/want', picture: false, sound: false });
    await host.hearsSuch('media/demand', ({ websocket }) => websocket === 0);
  });

  test('[MEDIA-35] whoever watches stays while its publisher comes, is cut off and comes again', async () => {
    const { gateway } = await startGateway();
    const viewer = await aMediaViewer(gateway.url);
    const isPublished = (wanted: boolean, count: number) =>
      waitFor(
        () =>
          viewer.heard('media/state').filter(({ publishing }) => publishing === wanted).length ===
          count,
        { what: `state ${wanted} ${count}` },
      );
    await isPublished(false, 1);
    const publisher = await aMediaPublisher(gateway.url);
    await isPublished(true, 1);
    publisher.socket.terminate();
    await isPublished(false, 2);
    const other = await connectSocket(gateway.url, '/ws/media/demo', {
      protocols: [PUBLISH_MEDIA_PROTOCOL],
      token: aToken({ sub: 'another' }),
    });
    expect(other).toBeInstanceOf(TestSocket);
    await isPublished(true, 2);
    expect(viewer.closed).toBeNull();
  });
});
