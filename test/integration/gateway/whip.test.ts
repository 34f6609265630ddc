import { describe, expect, test } from 'vitest';
import { aForgedToken, aToken } from '../../support/gateway/a-token.ts';
import { sendRaw } from '../../support/gateway/raw-http.ts';
import { problemOf, startGateway } from '../../support/gateway/start-gateway.ts';
import { anOffer, edit } from '../../support/sdp/descriptions.ts';

const SDP = { 'content-type': 'application/sdp' };

describe('a publish', () => {
  test('[WHIP-01] is answered 201 with exactly application/sdp and an answer to every m-line', async () => {
    const { gateway } = await startGateway();
    const reply = await gateway.whip();
    expect(reply.status).toBe(201);
    expect(reply.headers.get('content-type')).toBe('application/sdp');
    expect(reply.headers.get('accept-patch')).toBe('application/trickle-ice-sdpfrag');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const answer = await reply.text();
    expect(answer).toMatch(/^v=0\r\n/);
    expect(answer.match(/^m=/gm)).toHaveLength(2);
    expect(answer.match(/^a=recvonly\r$/gm)).toHaveLength(2);
  });

  test('[WHIP-02] has an absolute Location without query that PATCH and DELETE accept', async () => {
    const { gateway } = await startGateway();
    const location = (await gateway.whip()).headers.get('location') ?? '';
    expect(location).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sessions\/[A-Za-z0-9_-]{32}$/);
    const patched = await gateway.request('PATCH', location, {
      headers: { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': '*' },
      body: 'a=end-of-candidates\r\n',
    });
    expect(patched.status).toBe(204);
    expect((await gateway.request('DELETE', location)).status).toBe(200);
  });

  test('[WHIP-02] has a Location under PUBLIC_URL whatever Host says', async () => {
    const { gateway } = await startGateway({ env: { PUBLIC_URL: 'https://cast.example.org/' } });
    const location = (await gateway.whip()).headers.get('location');
    expect(location).toMatch(/^https:\/\/cast\.example\.org\/sessions\/[A-Za-z0-9_-]{32}$/);
  });

  test('[WHIP-03] has a strong ETag, another one for every session', async () => {
    const { gateway } = await startGateway();
    const tags = [await gateway.whip('one', all('one')), await gateway.whip('two', all('two'))].map(
      (reply) => reply.headers.get('etag'),
    );
    for (const tag of tags) expect(tag).toMatch(/^"[^"]{16,}"$/);
    expect(tags[0]).not.toBe(tags[1]);
  });

  test('says nothing of the node: no name, version, ticket, token or path of it', async () => {
    const { gateway, srs } = await startGateway();
    const reply = await gateway.whip();
    const told = `${JSON.stringify([...reply.headers])}${await reply.text()}`;
    const ticket = /ticket=(\w+)/.exec(srs.offers[0]?.url ?? '')?.[1] ?? 'no ticket';
    for (const secret of ['SRS', 'tclient', '/rtc/', 'WMS', ticket, new URL(srs.url).port]) {
      expect(told).not.toContain(secret);
    }
  });

  test('goes to the source that the path names, `main` without one', async () => {
    const { gateway, srs } = await startGateway();
    expect((await gateway.whip('demo/camera')).status).toBe(201);
    expect((await gateway.whip('demo')).status).toBe(201);
    expect(srs.offers.map(({ url }) => /stream=\w+/.exec(url)?.[0])).toEqual([
      'stream=camera',
      'stream=main',
    ]);
  });
});

describe('the body of a publish', () => {
  test.each(['text/plain', 'application/json', 'application/sdpx', ''])(
    '[WHIP-04] of the type "%s" is 415 with Accept-Post',
    async (type) => {
      const { gateway, srs } = await startGateway();
      const reply = await gateway.request('POST', '/whip/demo', {
        headers: { 'content-type': type },
        body: anOffer('chromium-publish'),
      });
      expect(reply.status).toBe(415);
      expect(reply.headers.get('accept-post')).toBe('application/sdp');
      expect(reply.headers.get('accept')).toBe('application/sdp');
      expect(await problemOf(reply)).toMatchObject({ code: 'media-type-unsupported' });
      expect(srs.signalling).toEqual([]);
    },
  );

  test.each(['Application/SDP', 'application/sdp; charset=utf-8'])(
    '[WHIP-05] of the type "%s" is taken',
    async (type) => {
      const { gateway } = await startGateway();
      expect((await gateway.whip('demo', { headers: { 'content-type': type } })).status).toBe(201);
    },
  );

  test.each([
    ['is no SDP', 'hello'],
    ['is empty', ''],
    ['is cut', anOffer('chromium-publish').slice(0, 900)],
    ['is binary', new Uint8Array([0, 255, 1, 254])],
    ['starts with a BOM', `\u{feff}${anOffer('chromium-publish')}`],
  ])('[WHIP-06] [WHIP-22] that %s is 4xx and never reaches SRS', async (_, offer) => {
    const { gateway, srs } = await startGateway();
    const reply = await gateway.whip('demo', { offer });
    expect([400, 422]).toContain(reply.status);
    const problem = await problemOf(reply);
    expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
    expect(problem).toMatchObject({
      type: expect.stringMatching(/^urn:/) as string,
      title: expect.any(String) as string,
      status: reply.status,
      error: problem['detail'],
    });
    expect(srs.signalling).toEqual([]);
  });

  test('[WHIP-08] with recvonly m-lines is 422', async () => {
    const { gateway, srs } = await startGateway();
    const reply = await gateway.whip('demo', { offer: anOffer('chromium-watch') });
    expect(reply.status).toBe(422);
    expect(await problemOf(reply)).toMatchObject({ code: 'offer-unacceptable' });
    expect(srs.signalling).toEqual([]);
  });

  test('[WHIP-20] with simulcast is 422 and says so', async () => {
    const { gateway } = await startGateway();
    const reply = await gateway.whip('demo', { offer: anOffer('chromium-publish-simulcast') });
    expect(reply.status).toBe(422);
    expect(await problemOf(reply)).toMatchObject({ code: 'simulcast-unsupported' });
  });

  test('[WHIP-09] whose video the node leaves unanswered is 422, and the node is told', async () => {
    const { gateway, srs } = await startGateway();
    srs.served = ['audio'];
    const reply = await gateway.whip();
    expect(reply.status).toBe(422);
    expect(await problemOf(reply)).toMatchObject({ code: 'codec-unsupported' });
    expect(srs.deletions).toHaveLength(1);
    expect(srs.clients.size).toBe(0);
  });

  test('[WHIP-24] over 64 KiB is 413 and closes the connection', async () => {
    const { gateway, srs } = await startGateway();
    const reply = await gateway.whip('demo', { offer: 'v'.repeat(70_000) });
    expect(reply.status).toBe(413);
    expect(reply.headers.get('connection')).toBe('close');
    expect(await problemOf(reply)).toMatchObject({ code: 'body-too-large' });
    expect(srs.signalling).toEqual([]);
  });

  test('[HOSTILE-30] in gzip is 415', async () => {
    const { gateway, srs } = await startGateway();
    const reply = await gateway.whip('demo', { headers: { 'content-encoding': 'gzip' } });
    expect(reply.status).toBe(415);
    expect(srs.signalling).toEqual([]);
  });

  test('[WHIP-25] may be chunked', async () => {
    const { gateway } = await startGateway();
    const offer = anOffer('chromium-publish');
    const chunk = `${offer.length.toString(16)}\r\n${offer}\r\n0\r\n\r\n`;
    const lines = post(gateway.url, ['Transfer-Encoding: chunked']);
    expect((await sendRaw(gateway.url, lines, chunk)).status).toBe(201);
  });

  test('[WHIP-25] may come by HTTP/1.0 without Host', async () => {
    const { gateway } = await startGateway();
    const offer = anOffer('chromium-publish');
    const lines = [
      'POST /whip/demo HTTP/1.0',
      `Authorization: Bearer ${aToken()}`,
      'Content-Type: application/sdp',
      `Content-Length: ${offer.length}`,
    ];
    const reply = await sendRaw(gateway.url, lines, offer);
    expect(reply.status).toBe(201);
    expect(reply.head).toMatch(/^Location: \/sessions\/[\w-]{32}\r?$/m);
  });

  test('[WHIP-25] is asked for with 100 Continue only when it will be read', async () => {
    const { gateway } = await startGateway();
    const expecting = ['Expect: 100-continue', 'Content-Length: 60000'];
    const refused = await sendRaw(gateway.url, post(gateway.url, expecting, 'nonsense'));
    expect(refused.head).toMatch(/^HTTP\/1\.1 401 /);
    const offer = anOffer('chromium-publish');
    const length = ['Expect: 100-continue', `Content-Length: ${offer.length}`];
    const taken = await sendRaw(gateway.url, post(gateway.url, length), offer);
    expect(taken.head).toBe('HTTP/1.1 100 Continue');
    expect(taken.body).toMatch(/^HTTP\/1\.1 201 /);
  });
});

describe('the token of a publish', () => {
  const realm = 'Bearer realm="pixelcast"';
  test.each([
    ['none', null, 401, 'token-missing', realm],
    ['nonsense', 'nonsense', 401, 'token-invalid', `${realm}, error="invalid_token"`],
    [
      'an expired one',
      aToken({ seconds: -60 }),
      401,
      'token-expired',
      expect.stringContaining('invalid_token'),
    ],
    [
      'one to watch',
      aToken({ can: ['watch'] }),
      403,
      'scope-insufficient',
      `${realm}, error="insufficient_scope", scope="publish"`,
    ],
    [
      'one for another room',
      aToken({ room: 'other' }),
      403,
      'scope-insufficient',
      `${realm}, error="insufficient_scope", scope="publish"`,
    ],
    [
      'one for another source',
      aToken({ sources: ['camera'] }),
      403,
      'scope-insufficient',
      `${realm}, error="insufficient_scope", scope="publish"`,
    ],
    [
      'alg none',
      aForgedToken({ alg: 'none' }, { sub: 'a', room: 'demo', can: ['publish'], exp: 4e9 }),
      401,
      'token-invalid',
      `${realm}, error="invalid_token"`,
    ],
    ['undefined', 'undefined', 401, 'token-invalid', `${realm}, error="invalid_token"`],
    ['Bearer twice', `Bearer ${aToken()}`, 401, 'token-invalid', `${realm}, error="invalid_token"`],
  ])(
    '[WHIP-68] [WHIP-69] %s is refused with its challenge, and SRS sees nothing',
    async (_, token, status, code, challenge) => {
      const { gateway, srs } = await startGateway();
      const reply = await gateway.whip('demo', { token });
      expect(reply.status).toBe(status);
      expect(reply.headers.get('www-authenticate')).toEqual(challenge);
      const problem = await problemOf(reply);
      expect(problem).toMatchObject({ code, status });
      if (token !== null) expect(JSON.stringify(problem)).not.toContain(token);
      expect(srs.signalling).toEqual([]);
    },
  );

  test.each(['bearer', 'BEARER', 'Bearer  '])('[WHIP-69] may follow "%s"', async (scheme) => {
    const { gateway } = await startGateway();
    const headers = { authorization: `${scheme} ${aToken()}` };
    expect((await gateway.whip('demo', { token: null, headers })).status).toBe(201);
  });

  test.each(['Basic YTpi', 'Digest realm="a"', aToken()])(
    '[WHIP-68] not of the scheme Bearer (%s) is 401 without an error',
    async (authorization) => {
      const { gateway } = await startGateway();
      const reply = await gateway.whip('demo', { token: null, headers: { authorization } });
      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toBe(realm);
    },
  );

  test.each(['Bearer', 'Bearer a b', 'Bearer a,b', 'Bearer "a"', '=', 'a/b c'])(
    '[WHIP-68] in the malformed header "%s" is 400 invalid_request',
    async (authorization) => {
      const { gateway, srs } = await startGateway();
      const reply = await gateway.whip('demo', { token: null, headers: { authorization } });
      expect(reply.status).toBe(400);
      expect(reply.headers.get('www-authenticate')).toBe(`${realm}, error="invalid_request"`);
      expect(await problemOf(reply)).toMatchObject({ code: 'authorization-malformed' });
      expect(srs.signalling).toEqual([]);
    },
  );

  test('[WHIP-68] in two headers is 400', async () => {
    const { gateway } = await startGateway();
    const lines = post(gateway.url, ['Content-Length: 0', `Authorization: Bearer ${aToken()}`]);
    expect((await sendRaw(gateway.url, lines)).body).toContain('authorization-malformed');
  });

  test('[WHIP-68] in header and query is 400', async () => {
    const { gateway, srs } = await startGateway();
    const reply = await gateway.whip(`demo?token=${aToken()}`);
    expect(reply.status).toBe(400);
    expect(reply.headers.get('www-authenticate')).toBe(`${realm}, error="invalid_request"`);
    expect(srs.signalling).toEqual([]);
  });

  test('[HOSTILE-25] is checked before a byte of the body is read', async () => {
    const { gateway } = await startGateway();
    // The body never comes; who waits for it answers after 15 s.
    const lines = post(gateway.url, ['Content-Length: 60000'], 'nonsense');
    const reply = await sendRaw(gateway.url, lines);
    expect(reply.status).toBe(401);
  });

  test('[WHIP-67] of a source-bound grant publishes there', async () => {
    const { gateway } = await startGateway();
    const token = aToken({ sources: ['camera'] });
    expect((await gateway.whip('demo/camera', { token })).status).toBe(201);
  });
});

describe('who publishes', () => {
  test('[WHIP-23] second and is somebody else gets 409 and no request reaches SRS', async () => {
    const { gateway, srs } = await startGateway();
    expect((await gateway.whip()).status).toBe(201);
    const second = await gateway.whip('demo', { token: aToken({ sub: 'ben' }) });
    expect(second.status).toBe(409);
    expect(second.headers.get('retry-after')).toBe('2');
    expect(await problemOf(second)).toMatchObject({ code: 'source-busy' });
    expect(srs.offers).toHaveLength(1);
  });

  test('again takes over from themselves', async () => {
    const { gateway, srs } = await startGateway();
    const first = (await gateway.whip()).headers.get('location') ?? '';
    expect((await gateway.whip()).status).toBe(201);
    expect(srs.deletions).toHaveLength(1);
    expect((await gateway.request('GET', first)).status).toBe(404);
    expect(srs.clients.size).toBe(1);
  });

  test('again with an offer that cannot be served keeps what is running', async () => {
    const { gateway, srs } = await startGateway();
    const first = (await gateway.whip()).headers.get('location') ?? '';
    const offer = anOffer('chromium-publish-vp8');
    expect((await gateway.whip('demo', { offer })).status).toBe(422);
    expect((await gateway.request('GET', first)).status).toBe(204);
    expect(srs.deletions).toEqual([]);
  });
});

test('[WHIP-16] an offer that is setup:passive (FFmpeg) is answered active', async () => {
  const { gateway } = await startGateway();
  const offer = anOffer('chromium-publish').replaceAll('a=setup:actpass', 'a=setup:passive');
  expect(await (await gateway.whip('demo', { offer })).text()).toContain('a=setup:active');
});

test('[HOSTILE-06] an offer without fingerprint is 422', async () => {
  const { gateway } = await startGateway();
  const offer = anOffer('chromium-publish').replaceAll(/a=fingerprint:.*\r\n/g, '');
  expect((await gateway.whip('demo', { offer })).status).toBe(422);
});

test('[HOSTILE-01] a line that SRS would choke on does not reach it', async () => {
  const { gateway, srs } = await startGateway();
  const offer = edit(anOffer('chromium-publish'), 'a=rtcp-rsize', 'a=rtcp-rsize', 'a=rtcp-fb:96');
  const reply = await gateway.whip('demo', { offer });
  expect([201, 400]).toContain(reply.status);
  for (const { body } of srs.offers) expect(body).not.toMatch(/a=rtcp-fb:96\r/);
});

const all = (room: string) => ({ token: aToken({ room }) });

function post(url: string, more: readonly string[], token = aToken()): string[] {
  return [
    'POST /whip/demo HTTP/1.1',
    `Host: ${new URL(url).host}`,
    `Authorization: Bearer ${token}`,
    `Content-Type: ${SDP['content-type']}`,
    'Connection: close',
    ...more,
  ];
}
