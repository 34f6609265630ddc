import { describe, expect, test } from 'vitest';
import { aToken } from '../../support/gateway/a-token.ts';
import {
  problemOf,
  startGateway,
  type GatewayUnderTest,
} from '../../support/gateway/start-gateway.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

const FRAGMENT = 'application/trickle-ice-sdpfrag';
/** The ICE user name and password of the offer that these sessions came from. */
const OFFER = anOffer('chromium-publish');
const UFRAG = /a=ice-ufrag:(\S+)/.exec(OFFER)?.[1] ?? '';
const PWD = /a=ice-pwd:(\S+)/.exec(OFFER)?.[1] ?? '';
const TRICKLE = [
  `a=ice-ufrag:${UFRAG}`,
  `a=ice-pwd:${PWD}`,
  'm=audio 9 RTP/AVP 0',
  'a=mid:0',
  'a=candidate:1 1 UDP 2130706431 192.0.2.1 3478 typ host',
  '',
].join('\r\n');

async function aSession(given?: Parameters<typeof startGateway>[0]) {
  const { gateway, srs } = await startGateway(given);
  const reply = await gateway.whip();
  return {
    gateway,
    srs,
    location: reply.headers.get('location') ?? '',
    etag: reply.headers.get('etag') ?? '',
  };
}

const patch = (
  gateway: GatewayUnderTest,
  location: string,
  given: { ifMatch?: string | null; type?: string; body?: string; token?: string | null } = {},
): Promise<Response> => {
  const { ifMatch = '*', type = FRAGMENT, body = TRICKLE, token } = given;
  return gateway.request('PATCH', location, {
    headers: { 'content-type': type, ...(ifMatch === null ? {} : { 'if-match': ifMatch }) },
    body,
    ...(token === undefined ? {} : { token }),
  });
};

describe('DELETE', () => {
  test('[WHIP-30] [WHIP-31] is 200 and empty, then 404', async () => {
    const { gateway, srs, location } = await aSession();
    const reply = await gateway.request('DELETE', location);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-length')).toBe('0');
    expect(srs.clients.size).toBe(0);
    const again = await gateway.request('DELETE', location);
    expect(again.status).toBe(404);
    expect(await problemOf(again)).toMatchObject({ code: 'session-not-found' });
  });

  test('[P6] sends the Location of SRS byte for byte, with + and /', async () => {
    const { gateway, srs } = await startGateway();
    const offer = OFFER.replaceAll(`a=ice-ufrag:${UFRAG}`, 'a=ice-ufrag:a+b/c');
    const location = (await gateway.whip('demo', { offer })).headers.get('location') ?? '';
    const [client] = srs.clients.values();
    expect(client?.location).toMatch(/&session=7x1o4p20:a\+b\/c$/);
    expect((await gateway.request('DELETE', location)).status).toBe(200);
    expect(srs.deletions.map(({ url }) => url)).toEqual([client?.location]);
  });

  test('[WHIP-32] ignores If-Match', async () => {
    const { gateway, location } = await aSession();
    const headers = { 'if-match': '"another"' };
    expect((await gateway.request('DELETE', location, { headers })).status).toBe(200);
  });

  test('[WHIP-70] needs no token; the address is the key', async () => {
    const { gateway, location } = await aSession();
    expect((await gateway.request('DELETE', location, { token: null })).status).toBe(200);
  });

  test.each([
    ['of another subject', aToken({ sub: 'ben' }), 403],
    ['that has run out', aToken({ seconds: -60 }), 401],
    ['that is none', 'nonsense', 401],
  ])('[WHIP-70] with a token %s ends nothing', async (_, token, status) => {
    const { gateway, srs, location } = await aSession();
    expect((await gateway.request('DELETE', location, { token })).status).toBe(status);
    expect((await gateway.request('GET', location)).status).toBe(204);
    expect(srs.deletions).toEqual([]);
  });

  test('[WHIP-30] is 200 even when the node is away', async () => {
    const { gateway, srs, location } = await aSession();
    srs.away = true;
    expect((await gateway.request('DELETE', location)).status).toBe(200);
    expect((await gateway.request('GET', location)).status).toBe(404);
  });
});

test.each(['GET', 'HEAD'])(
  '[WHIP-35] [WHIP-36] [WHEP-23] %s is 204, and 404 when the session is over',
  async (method) => {
    const { gateway, location } = await aSession();
    expect((await gateway.request(method, location, { token: null })).status).toBe(204);
    await gateway.request('DELETE', location);
    expect((await gateway.request(method, location, { token: null })).status).toBe(404);
  },
);

test('a session that is over says why to whoever held its address', async () => {
  const { gateway, location } = await aSession();
  await gateway.whip();
  const reply = await gateway.request('GET', location);
  expect(await problemOf(reply)).toMatchObject({ code: 'session-not-found', reason: 'replaced' });
});

describe('PATCH', () => {
  test('[WHIP-40] [WHIP-44] [WHIP-45] of a candidate is 204 without body or ETag, and SRS is not asked', async () => {
    const { gateway, srs, location, etag } = await aSession();
    const reply = await patch(gateway, location, { ifMatch: etag });
    expect(reply.status).toBe(204);
    expect(reply.headers.get('etag')).toBeNull();
    expect(await reply.text()).toBe('');
    expect(srs.signalling).toHaveLength(1);
  });

  test.each([
    ['a .local name', 'a=candidate:1 1 UDP 2130706431 a1b2.local 50000 typ host\r\n'],
    ['IPv6', 'a=candidate:1 1 udp 2130706431 [2001:db8::1] 50000 typ host\r\n'],
    ['the metadata address', 'a=candidate:1 1 udp 1 169.254.169.254 80 typ host\r\n'],
    ['the end', 'a=end-of-candidates\r\n'],
    ['line feeds alone', TRICKLE.replaceAll('\r\n', '\n')],
  ])('[WHIP-46] [WHIP-54] [WHIP-55] of %s is 204', async (_, body) => {
    const { gateway, location } = await aSession();
    expect((await patch(gateway, location, { body })).status).toBe(204);
  });

  test('[WHIP-47] without If-Match is 428 and says what to send', async () => {
    const { gateway, location } = await aSession();
    const reply = await patch(gateway, location, { ifMatch: null });
    expect(reply.status).toBe(428);
    expect(await problemOf(reply)).toMatchObject({
      detail: expect.stringContaining('If-Match') as string,
    });
  });

  test('[WHIP-47] without If-Match is 204 when IF_MATCH=lenient, with another tag still 412', async () => {
    const { gateway, location } = await aSession({ env: { IF_MATCH: 'lenient' } });
    expect((await patch(gateway, location, { ifMatch: null })).status).toBe(204);
    expect((await patch(gateway, location, { ifMatch: '"other"' })).status).toBe(412);
  });

  test('[WHIP-48] with another tag or a weak one is 412', async () => {
    const { gateway, location, etag } = await aSession();
    for (const ifMatch of ['"other"', `W/${etag}`, etag.slice(1, -1)]) {
      expect((await patch(gateway, location, { ifMatch })).status).toBe(412);
    }
  });

  test('[WHIP-48] [WHIP-49] with our tag in a list, * and "*" is 204', async () => {
    const { gateway, location, etag } = await aSession();
    for (const ifMatch of [`"x", ${etag}`, '*', '"*"']) {
      expect((await patch(gateway, location, { ifMatch })).status).toBe(204);
    }
  });

  test('[WHIP-41] [WHIP-57] of another type is 415 with Accept-Patch, before any precondition', async () => {
    const { gateway, location } = await aSession();
    const reply = await patch(gateway, location, { type: 'application/sdp', ifMatch: null });
    expect(reply.status).toBe(415);
    expect(reply.headers.get('accept-patch')).toBe(FRAGMENT);
    expect(reply.headers.get('accept')).toBe(FRAGMENT);
  });

  test.each(['a=candidate:nonsense\r\n', 'hello', 'a=ice-ufrag:x\r\n', '\0'])(
    '[WHIP-42] of the malformed %j is 400',
    async (body) => {
      const { gateway, location } = await aSession();
      expect((await patch(gateway, location, { body })).status).toBe(400);
    },
  );

  test('[WHIP-43] [WHIP-50] [WHIP-51] that restarts ICE is 422 and the session goes on', async () => {
    const { gateway, srs, location } = await aSession();
    const body = `a=ice-ufrag:newer\r\na=ice-pwd:${'p'.repeat(24)}\r\n`;
    const reply = await patch(gateway, location, { body });
    expect(reply.status).toBe(422);
    expect(await problemOf(reply)).toMatchObject({ code: 'ice-restart-unsupported' });
    expect((await gateway.request('GET', location)).status).toBe(204);
    expect(srs.deletions).toEqual([]);
  });

  test('[WHIP-50] that restarts one m-line beside trickle of another is 422', async () => {
    const { gateway, location } = await aSession();
    const body = `${TRICKLE}m=video 9 RTP/AVP 0\r\na=mid:1\r\na=ice-ufrag:newer\r\n`;
    expect((await patch(gateway, location, { body })).status).toBe(422);
  });

  test('[WHIP-52] with every ICE user name of the offer is trickle', async () => {
    const { gateway } = await startGateway();
    const [audio = '', video = ''] = OFFER.split('m=video');
    const offer = `${audio}m=video${video.replace(`ufrag:${UFRAG}`, 'ufrag:second')}`;
    const location = (await gateway.whip('demo', { offer })).headers.get('location') ?? '';
    for (const ufrag of [UFRAG, 'second']) {
      const body = `a=ice-ufrag:${ufrag}\r\na=ice-pwd:${PWD}\r\n`;
      expect((await patch(gateway, location, { body })).status).toBe(204);
    }
  });

  test('[WHIP-24] over 64 KiB is 413', async () => {
    const { gateway, location } = await aSession();
    const body = 'a=end-of-candidates\r\n'.repeat(4000);
    expect((await patch(gateway, location, { body })).status).toBe(413);
  });

  test('[WHIP-31] of a dead session is 404 before anything else', async () => {
    const { gateway, location } = await aSession();
    await gateway.request('DELETE', location);
    const reply = await patch(gateway, location, { type: 'text/plain', ifMatch: null });
    expect(reply.status).toBe(404);
  });

  test('[WHIP-70] with another subject’s token is 403, without one 204', async () => {
    const { gateway, location } = await aSession();
    const token = aToken({ sub: 'ben' });
    expect((await patch(gateway, location, { token })).status).toBe(403);
    expect((await patch(gateway, location, { token: null })).status).toBe(204);
  });

  test('[WHIP-53] [WHIP-56] sixty at once are answered each on its own', async () => {
    const { gateway, location } = await aSession({ env: { RATE_LIMIT_PER_MINUTE: '10' } });
    const replies = await Promise.all(Array.from({ length: 60 }, () => patch(gateway, location)));
    expect(replies.map(({ status }) => status)).toEqual(Array(60).fill(204));
  });

  test('[HOSTILE-23] a flood on one session is 429 in the end, and the session goes on', async () => {
    const { gateway, location } = await aSession();
    let last = await patch(gateway, location);
    for (let sent = 0; sent < 400 && last.status === 204; sent += 50) {
      const replies = await Promise.all(Array.from({ length: 50 }, () => patch(gateway, location)));
      last = replies.at(-1) ?? last;
    }
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await gateway.request('GET', location)).status).toBe(204);
  });
});

test.each(['PATCH', 'DELETE', 'GET'])(
  '[HOSTILE-19] [WHIP-72] [WHEP-22] guessing with %s is 404 each time, then 429',
  async (method) => {
    const { gateway } = await aSession({ env: { RATE_LIMIT_PER_MINUTE: '5' } });
    const replies: Response[] = [];
    for (let index = 0; index < (method === 'GET' ? 105 : 8); index += 1) {
      const path = `/sessions/${String(index).padStart(32, 'x')}`;
      replies.push(await gateway.request(method, path, { token: null }));
    }
    expect(replies[0]?.status).toBe(404);
    expect(replies.at(-1)?.status).toBe(429);
  },
);
