import { describe, expect, test } from 'vitest';
import { aToken } from '../../support/gateway/a-token.ts';
import { startFakeSrs } from '../../support/gateway/fake-srs.ts';
import { problemOf, startGateway } from '../../support/gateway/start-gateway.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

test('[WHEP-01] [WHEP-02] a player gets 201 and a sendonly answer under /sessions', async () => {
  const { gateway, srs } = await startGateway();
  await gateway.whip();
  const reply = await gateway.whep();
  expect(reply.status).toBe(201);
  expect(reply.headers.get('content-type')).toBe('application/sdp');
  expect(reply.headers.get('location')).toMatch(/\/sessions\/[\w-]{32}$/);
  expect(reply.headers.get('etag')).toMatch(/^"/);
  const answer = await reply.text();
  expect(answer.match(/^a=sendonly\r$/gm)).toHaveLength(2);
  expect(srs.offers[1]?.url).toMatch(/^\/rtc\/v1\/whep\/\?app=demo&stream=main&ticket=\w{32}$/);
});

describe('[WHEP-04] without a publisher', () => {
  test('a player gets 409 and Retry-After 2, and SRS is not asked', async () => {
    const { gateway, srs } = await startGateway();
    const reply = await gateway.whep();
    expect(reply.status).toBe(409);
    expect(reply.headers.get('retry-after')).toBe('2');
    expect(await problemOf(reply)).toMatchObject({ code: 'no-publisher' });
    expect(srs.signalling).toEqual([]);
  });

  test('of this very source it is 409, whoever else publishes in the room', async () => {
    const { gateway } = await startGateway();
    await gateway.whip('demo/camera');
    expect((await gateway.whep('demo/main')).status).toBe(409);
    expect((await gateway.whep('demo/camera')).status).toBe(201);
  });

  test('it is let in when WHEP_WITHOUT_PUBLISHER=wait', async () => {
    const { gateway } = await startGateway({ env: { WHEP_WITHOUT_PUBLISHER: 'wait' } });
    expect((await gateway.whep()).status).toBe(201);
  });

  test('it is 409 again after the publisher has left', async () => {
    const { gateway } = await startGateway();
    const location = (await gateway.whip()).headers.get('location') ?? '';
    await gateway.request('DELETE', location);
    expect((await gateway.whep()).status).toBe(409);
  });
});

test.each([
  ['audio', 'video'],
  ['video', 'audio'],
] as const)(
  '[WHEP-12] what is published is %s only: the %s of the player is answered, rejected or idle',
  async (media, other) => {
    const { gateway, srs } = await startGateway();
    await gateway.whip();
    srs.served = [media];
    const reply = await gateway.whep();
    expect(reply.status).toBe(201);
    const answer = await reply.text();
    expect(answer.match(/^m=/gm)).toHaveLength(2);
    const section = answer.slice(answer.indexOf(`m=${other}`)).split('\r\nm=')[0] ?? '';
    expect(section).toMatch(/^m=\w+ 0 |^a=inactive\r$/m);
    const served = answer.slice(answer.indexOf(`m=${media}`)).split('\r\nm=')[0] ?? '';
    expect(served).toMatch(/^a=sendonly\r$/m);
  },
);

test('[WHEP-13] a data channel in the offer is answered as rejected and never reaches SRS', async () => {
  const { gateway, srs } = await startGateway();
  await gateway.whip();
  const reply = await gateway.whep('demo', { offer: anOffer('mediamtx-watch') });
  expect(reply.status).toBe(201);
  expect(await reply.text()).toMatch(/^m=application 0 /m);
  expect(srs.offers[1]?.body).not.toContain('m=application');
});

test('[P12] SRS is asked for the codec that is published', async () => {
  const { gateway, srs } = await startGateway();
  await gateway.whip('demo', { offer: anOffer('chromium-publish-av1') });
  expect((await gateway.whep()).status).toBe(201);
  expect(srs.offers[1]?.url).toContain('&codec=av1&');
});

test('a player without the published codec gets 422 that names it', async () => {
  const { gateway, srs } = await startGateway();
  await gateway.whip('demo', { offer: anOffer('chromium-publish-av1') });
  const offer = anOffer('chromium-watch').replaceAll('AV1/90000', 'AV9/90000');
  const reply = await gateway.whep('demo', { offer });
  expect(reply.status).toBe(422);
  expect(await problemOf(reply)).toMatchObject({
    code: 'codec-unsupported',
    detail: expect.stringContaining('AV1') as string,
  });
  expect(srs.offers).toHaveLength(1);
});

test('[WHEP-03] [WHEP-06] an offer to send is 422, never 406 or 400', async () => {
  const { gateway } = await startGateway();
  await gateway.whip();
  const reply = await gateway.whep('demo', { offer: anOffer('chromium-publish') });
  expect(reply.status).toBe(422);
});

test.each(['', 'application/sdp'])(
  '[WHEP-08] an empty POST of the type "%s" is 422: the server makes no offer',
  async (type) => {
    const { gateway, srs } = await startGateway();
    const headers = { 'content-type': type };
    const reply = await gateway.request('POST', '/whep/demo', { headers });
    expect(reply.status).toBe(422);
    expect(await problemOf(reply)).toMatchObject({ code: 'offer-unacceptable' });
    expect(srs.signalling).toEqual([]);
  },
);

test.each(['no.dots', 'a%2Fb', 'x'.repeat(65), '%E2%80%AE'])(
  '[WHEP-05] the name "%s", which can be no room, is 404',
  async (room) => {
    const { gateway, srs } = await startGateway();
    const reply = await gateway.whep(room);
    expect(reply.status).toBe(404);
    expect(await problemOf(reply)).toMatchObject({ code: 'not-found' });
    expect(srs.signalling).toEqual([]);
  },
);

test('[WHEP-07] an answer that nobody asked for is 422, and the session goes on', async () => {
  const { gateway, srs } = await startGateway();
  await gateway.whip();
  const location = (await gateway.whep()).headers.get('location') ?? '';
  const before = srs.signalling.length;
  const reply = await gateway.request('PATCH', location, {
    headers: { 'content-type': 'application/sdp' },
    body: anOffer('chromium-watch'),
  });
  expect(reply.status).toBe(422);
  expect(await problemOf(reply)).toMatchObject({ code: 'offer-unacceptable' });
  expect((await gateway.request('GET', location)).status).toBe(204);
  expect(srs.signalling).toHaveLength(before);
});

test('[WHEP-15] DELETE is 200, then 404; OPTIONS has Accept-Post', async () => {
  const { gateway } = await startGateway();
  await gateway.whip();
  const location = (await gateway.whep()).headers.get('location') ?? '';
  expect((await gateway.request('DELETE', location)).status).toBe(200);
  expect((await gateway.request('DELETE', location)).status).toBe(404);
  const options = await gateway.request('OPTIONS', '/whep/demo', { token: null });
  expect(options.headers.get('accept-post')).toBe('application/sdp');
});

test('[WHEP-16] PATCH keeps the rules of WHIP', async () => {
  const { gateway } = await startGateway();
  await gateway.whip();
  const opened = await gateway.whep();
  const [location, etag] = ['location', 'etag'].map((name) => opened.headers.get(name) ?? '');
  const patch = async (body: string, more: Record<string, string> = {}): Promise<number> => {
    const headers = { 'content-type': 'application/trickle-ice-sdpfrag', ...more };
    return (await gateway.request('PATCH', location ?? '', { headers, body })).status;
  };
  const end = 'a=end-of-candidates\r\n';
  expect(await patch(end, { 'if-match': etag ?? '' })).toBe(204);
  expect(await patch(end)).toBe(428);
  expect(await patch(end, { 'if-match': '"other"' })).toBe(412);
  const restart = `a=ice-ufrag:newer\r\na=ice-pwd:${'p'.repeat(24)}\r\n`;
  expect(await patch(restart, { 'if-match': '*' })).toBe(422);
});

describe('[WHEP-19] rights', () => {
  test('a token to publish does not watch', async () => {
    const { gateway } = await startGateway();
    await gateway.whip();
    const reply = await gateway.whep('demo', { token: aToken({ can: ['publish'] }) });
    expect(reply.status).toBe(403);
    expect(await problemOf(reply)).toMatchObject({ code: 'scope-insufficient' });
  });

  test('a token to watch watches and does not publish', async () => {
    const { gateway } = await startGateway();
    await gateway.whip();
    const token = aToken({ sub: 'ben', can: ['watch'] });
    expect((await gateway.whep('demo', { token })).status).toBe(201);
    expect((await gateway.whip('demo/camera', { token })).status).toBe(403);
  });

  test('an admin of the room may do both, in this room alone', async () => {
    const { gateway } = await startGateway();
    const token = aToken({ can: ['admin'] });
    expect((await gateway.whip('demo', { token })).status).toBe(201);
    expect((await gateway.whep('demo', { token })).status).toBe(201);
    expect((await gateway.whep('other', { token })).status).toBe(403);
  });
});

describe('limits', () => {
  test('[WHIP-63] [WHEP-17] a full room is 503 with Retry-After', async () => {
    const { gateway } = await startGateway({ env: { MAX_VIEWERS_PER_ROOM: '1' } });
    await gateway.whip();
    expect((await gateway.whep()).status).toBe(201);
    const reply = await gateway.whep();
    expect(reply.status).toBe(503);
    expect(reply.headers.get('retry-after')).toBe('10');
    expect(await problemOf(reply)).toMatchObject({ code: 'capacity' });
  });

  test('[WHIP-63] a full gateway is 503 and still lets a publisher take over from itself', async () => {
    const { gateway } = await startGateway({ env: { MAX_SESSIONS: '1' } });
    expect((await gateway.whip()).status).toBe(201);
    expect((await gateway.whep()).status).toBe(503);
    expect((await gateway.whip()).status).toBe(201);
  });
});

test('an embedded engine that lists its codecs is used with VP8 and without a=ssrc', async () => {
  const srs = await startFakeSrs({ codecs: ['h264', 'vp8'] });
  const { gateway } = await startGateway({ srs });
  const offer = anOffer('chromium-publish-vp8').replaceAll(/a=ssrc.*\r\n/g, '');
  expect((await gateway.whip('demo', { offer })).status).toBe(201);
  expect(srs.offers[0]?.url).toContain('&codec=vp8&');
});
