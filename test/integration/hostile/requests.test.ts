import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { anAdminToken } from '../../support/gateway/a-token.ts';
import { HostileStage, type HostileRequest } from '../../support/gateway/hostile-stage.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

const OFFER = anOffer('chromium-publish');
const MIB = 1024 * 1024;

describe('two readings of one request', () => {
  const chunked = `${OFFER.length.toString(16)}\r\n${OFFER}\r\n0\r\n\r\n`;
  const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
  test.each([
    ['Content-Length and Transfer-Encoding', ['Transfer-Encoding: chunked'], chunked],
    [
      'Transfer-Encoding and a request behind it',
      ['Transfer-Encoding: chunked'],
      `0\r\n\r\n${smuggled}`,
    ],
    ['two lengths', ['Content-Length: 5'], OFFER],
    ['a length that is none', ['Content-Length: +5'], OFFER],
    ['two codings', ['Transfer-Encoding: chunked, identity'], chunked],
    ['an unknown coding', ['Transfer-Encoding: xchunked'], chunked],
    ['a folded header', ['X-Folded: a', ' b: c'], OFFER],
    ['a bare LF', ['X-Bare: a\nX-Other: b'], OFFER],
    ['a blank before the colon', ['Transfer-Encoding : chunked'], chunked],
    ['a header without a colon', ['nonsense'], OFFER],
  ])('[HOSTILE-27] %s is 400 and the end of the connection', async (_, headers, body) => {
    const stage = await HostileStage.open();
    const reply = await stage.throws(
      { headers, body, close: false },
      { status: [400], cors: false },
    );
    expect(reply.body).not.toContain('HTTP/1.1');
  });

  test('[HOSTILE-27] two codings without a length are 400 as well', async () => {
    const stage = await HostileStage.open();
    const headers = ['Transfer-Encoding: chunked, identity'];
    const request = { headers, body: chunked, length: false, close: false };
    await stage.throws(request, { status: [400], cors: false });
  });
});

describe('methods that no endpoint has', () => {
  test.each(['/whip/demo', '/whep/demo', '/sessions/x', '/api/v1/rooms'])(
    '[HOSTILE-29] TRACE %s is refused',
    async (target) => {
      const stage = await HostileStage.open();
      const request = { method: 'TRACE', target, headers: ['X-Secret: do not echo'] };
      const reply = await stage.throws(request, { status: [404, 405, 501] });
      expect(reply.body).not.toContain('do not echo');
    },
  );

  test.each(['BREW', 'PRI', 'get', 'DELETE\u00a0'])(
    '[HOSTILE-29] %s is unknown',
    async (method) => {
      const stage = await HostileStage.open();
      await stage.throws({ method }, { status: [400, 405, 501], cors: false });
    },
  );

  test.each(['node.internal:1985', '127.0.0.1:22', '/whip/demo'])(
    '[HOSTILE-29] CONNECT %s opens nothing',
    async (target) => {
      const stage = await HostileStage.open();
      const request = { method: 'CONNECT', target, type: null, length: false, close: false };
      await stage.throws(request, { status: [400, 405, 501], cors: false });
    },
  );
});

describe('upgrades', () => {
  const webSocket = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  const upgrade = (target: string, headers = webSocket): HostileRequest => ({
    method: 'GET',
    target,
    type: null,
    length: false,
    close: false,
    headers,
  });

  test.each(['/', '/whip/demo', '/whep/demo', '/sessions/x', '/ws/control/demo', '/api/v1/rooms'])(
    '[HOSTILE-29] a WebSocket at %s is refused and its connection closed',
    async (target) => {
      const stage = await HostileStage.open();
      await stage.throws(upgrade(target), { status: [400, 404, 426], cors: false });
    },
  );

  test.each([
    ['without a key', webSocket.slice(0, 3)],
    ['of another version', [...webSocket.slice(0, 2), 'Sec-WebSocket-Version: 99']],
    ['with a key of 8 KiB', [...webSocket.slice(0, 3), `Sec-WebSocket-Key: ${'a'.repeat(8192)}`]],
    ['among other protocols', ['Connection: upgrade, keep-alive', 'Upgrade: h2c, WebSocket']],
    ['with extensions', [...webSocket, `Sec-WebSocket-Extensions: ${'x;'.repeat(3000)}`]],
  ])('[HOSTILE-29] a WebSocket %s is refused like another', async (_, headers) => {
    const stage = await HostileStage.open();
    await stage.throws(upgrade('/ws/control/demo', headers), {
      status: [400, 404, 426],
      cors: false,
    });
  });

  test('[HOSTILE-29] an offer that could also be HTTP/2 is served as it is', async () => {
    const stage = await HostileStage.open();
    const headers = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMA'];
    await stage.throws({ headers }, { status: [201], reaches: true });
  });
});

describe('compressed bodies', () => {
  test.each([
    ['an offer', gzipSync(OFFER)],
    ['a bomb of 64 MiB', gzipSync(Buffer.alloc(64 * MIB)).subarray(0, 60_000)],
  ])('[HOSTILE-30] %s by gzip is 415', async (_, body) => {
    const stage = await HostileStage.open();
    await stage.throws({ body, headers: ['Content-Encoding: gzip'] }, { status: [415] });
  });

  test('[HOSTILE-30] JSON by gzip is 415', async () => {
    const stage = await HostileStage.open();
    const body = gzipSync('{}');
    const type = 'application/json';
    const request = { target: '/api/v1/tokens', type, body, headers: ['Content-Encoding: gzip'] };
    await stage.throws(request, { status: [415] });
  });
});

describe('If-Match', () => {
  test.each([
    ['of a hundred tags', Array.from({ length: 100 }, (_, i) => `"${i}"`).join(', '), 412],
    ['without its end', '"abc', 412],
    ['of nothing', '', 412],
    ['of commas', ','.repeat(1000), 412],
    ['of 12 KiB', `"${'a'.repeat(12 * 1024)}"`, 412],
    ['of 1 MiB', `"${'a'.repeat(MIB)}"`, 431],
  ])('[HOSTILE-31] %s is refused', async (_, value, status) => {
    const stage = await HostileStage.open();
    const reply = await stage.gateway.whip();
    const { pathname } = new URL(reply.headers.get('location') ?? '');
    await stage.throws(
      {
        method: 'PATCH',
        target: pathname,
        token: null,
        type: 'application/trickle-ice-sdpfrag',
        headers: [`If-Match: ${value}`],
        body: 'a=end-of-candidates\r\n',
      },
      { status: status === 412 ? [400, 412] : [status], cors: status !== 431 },
    );
    expect((await stage.gateway.request('GET', pathname)).status).toBe(204);
  });
});

describe('headers', () => {
  test.each([
    ['of 64 KiB', [`X-Big: ${'a'.repeat(65_536)}`], 431],
    ['with a control character in the name', ['X-\u0001: a'], 400],
    ['with NUL in the value', ['X-Nul: a\u0000b'], 400],
    ['with a blank in the name', ['X Blank: a'], 400],
  ])('[HOSTILE-32] %s are %i', async (_, headers, status) => {
    const stage = await HostileStage.open();
    await stage.throws({ headers }, { status: [status], cors: false });
  });

  test('[HOSTILE-32] five hundred of them are refused', async () => {
    const stage = await HostileStage.open();
    const headers = Array.from({ length: 500 }, (_, index) => `X-${index}: a`);
    await stage.throws({ headers }, { status: [400, 431] });
  });
});

describe('web origins', () => {
  const allowed = 'https://pages.example';
  test.each([
    'null',
    'https://evil@pages.example',
    'https://pages.example@evil.example',
    'https://pages.example.evil.example',
    'https://evilpages.example',
    'https://pages.example:444',
    'https://PAGES.example',
    'http://pages.example',
    'https://pages.example/',
    'https://pages.example https://evil.example',
    '*',
    'https://*.example',
    '',
  ])('[HOSTILE-38] "%s" is not %s', async (origin) => {
    const { gateway, srs } = await startGateway({ env: { CORS_ORIGINS: allowed } });
    const reply = await gateway.whip('demo', { headers: { origin } });
    expect(reply.status).toBe(403);
    expect(reply.headers.get('access-control-allow-origin')).toBeNull();
    expect(srs.signalling).toEqual([]);
    expect((await gateway.whip('demo', { headers: { origin: allowed } })).status).toBe(201);
  });
});

describe('names that JavaScript has for itself', () => {
  const polluting = [
    '{"__proto__":{"admin":true}}',
    '{"constructor":{"prototype":{"admin":true}}}',
    '{"sub":"a","room":"demo","can":["watch"],"__proto__":{"can":["admin"]}}',
    '{"sub":"a","room":"demo","can":["watch"],"x":{"__proto__":{"admin":true}}}',
    '{"sub":"a","room":"demo","can":["watch"],"constructor":1}',
  ];

  test.each(polluting)('[HOSTILE-40] in JSON are refused: %s', async (body) => {
    const stage = await HostileStage.open();
    const type = 'application/json';
    const request = { target: '/api/v1/tokens', token: anAdminToken(), type, body };
    await stage.throws(request, { status: [400] });
    expect('admin' in {}).toBe(false);
  });

  test.each(['/whip/__proto__', '/whip/constructor', '/whip/demo/toString'])(
    '[HOSTILE-40] are names like others in a path: %s',
    async (target) => {
      const stage = await HostileStage.open();
      await stage.throws({ target }, { status: [201], reaches: true });
      await stage.throws(
        { method: 'GET', target: target.replace(/\/whip\/(\w+).*/, '/api/v1/rooms/$1') },
        { status: [200] },
      );
    },
  );
});
