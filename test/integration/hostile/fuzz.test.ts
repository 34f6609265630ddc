import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../../support/fuzz/runs.ts';
import { anAdminToken, aToken } from '../../support/gateway/a-token.ts';
import { HostileStage } from '../../support/gateway/hostile-stage.ts';
import { sendRaw } from '../../support/gateway/raw-http.ts';
import { HOOK_SECRET } from '../../support/gateway/start-gateway.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** JSON as nobody means it: any value, any members under names we know, deep nests, broken ends. */
const jsonTexts = (names: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    fc.json(),
    fc
      .array(
        fc.tuple(
          fc.constantFrom(...names, '__proto__', 'constructor', 'toString'),
          fc.oneof(
            fc.json(),
            fc.constantFrom('"demo"', '"*"', '["watch"]', '["admin"]', '1e308', '-1'),
          ),
        ),
        { maxLength: 8 },
      )
      .map((members) => `{${members.map(([name, value]) => `"${name}":${value}`).join(',')}}`),
    fc.nat(30_000).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
    fc.tuple(fc.json(), fc.nat(40)).map(([text, at]) => text.slice(0, at)),
    fc.string({ unit: 'binary', maxLength: 100 }),
  );

/** What may stand in a header, and more than a well-behaved client puts there. */
const headerValues = fc
  .array(
    fc.oneof(
      fc.stringMatching(/^[\t\x20-\x7e]{0,30}$/),
      fc.constantFrom(
        'Bearer ',
        'bearer',
        'Basic ',
        'e30.e30.',
        ',',
        ' ',
        '\t',
        '"',
        '=',
        ';',
        '%00',
      ),
      fc.constantFrom(aToken(), aToken({ seconds: -10 }), `${aToken()}x`, 'é', '\u00ff'),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

describe('whatever comes is answered, never with 5xx, and the next client is served', () => {
  test('[HOSTILE-40] bodies of the JSON API', async () => {
    const stage = await HostileStage.open();
    const token = anAdminToken();
    const names = ['sub', 'room', 'sources', 'can', 'ttlSeconds', 'exp', 'jti'];
    await fc.assert(
      fc.asyncProperty(jsonTexts(names), async (body) => {
        const given = { token, headers: JSON_TYPE, body };
        const reply = await stage.gateway.request('POST', '/api/v1/tokens', given);
        expect([201, 400, 403, 413]).toContain(reply.status);
        await reply.text();
      }),
      runs(150),
    );
    expect('polluted' in {}).toBe(false);
    await stage.expectGoodService();
  });

  test('[HOSTILE-39] bodies of hooks that know the secret', async () => {
    const stage = await HostileStage.open();
    const names = ['action', 'server_id', 'service_id', 'client_id', 'app', 'stream', 'param'];
    const event = fc.constantFrom('publish', 'play', 'stop', 'unpublish', 'close', 'connect', 'x');
    await fc.assert(
      fc.asyncProperty(event, jsonTexts(names), async (name, body) => {
        const path = `/api/srs/${name}?secret=${encodeURIComponent(HOOK_SECRET)}`;
        const reply = await stage.gateway.request('POST', path, { headers: JSON_TYPE, body });
        expect([200, 400, 413]).toContain(reply.status);
        // Nobody holds a ticket, so nobody is let in.
        if (name === 'publish' || name === 'play') expect(await reply.text()).not.toBe('0');
        else await reply.text();
      }),
      runs(150),
    );
    await stage.expectGoodService();
  });

  test('[HOSTILE-37] bodies that ask for events', async () => {
    const stage = await HostileStage.open();
    await stage.gateway.whip();
    const links = (await stage.gateway.whep()).headers.get('link') ?? '';
    const url = /<([^>]*\/events\/[^>]*)>/.exec(links)?.[1] ?? '';
    const { pathname } = new URL(url, stage.gateway.url);
    const events = fc.oneof(
      jsonTexts(['active', 'inactive']),
      fc
        .array(
          fc.oneof(fc.constantFrom('active', 'inactive', 'viewercount', 'reconnect'), fc.string()),
        )
        .map((names) => JSON.stringify(names)),
      fc.constantFrom(
        '["active\\ndata: x"]',
        '["active","active"]',
        '[]',
        '[null]',
        '[["active"]]',
      ),
    );
    await fc.assert(
      fc.asyncProperty(events, async (body) => {
        const given = { token: null, headers: JSON_TYPE, body };
        const reply = await stage.gateway.request('POST', pathname, given);
        expect([201, 400, 413, 429]).toContain(reply.status);
        await reply.text();
        const location = reply.headers.get('location');
        if (location !== null) await stage.gateway.request('DELETE', location, { token: null });
      }),
      runs(150),
    );
    await stage.expectGoodService();
  });

  test('[HOSTILE-14] Authorization', async () => {
    const stage = await HostileStage.open();
    await fc.assert(
      fc.asyncProperty(headerValues, async (value) => {
        const reply = await stage.send({ token: null, headers: [`Authorization: ${value}`] });
        const tokens = [aToken(), value.replace(/^\s*bearer +/i, '').trim()];
        if (reply.status !== 201) expect([400, 401, 403]).toContain(reply.status);
        else expect(tokens.some((token) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token))).toBe(true);
        stage.expectNoLeak(reply);
      }),
      runs(100),
    );
    stage.expectCleanNode();
    await stage.expectGoodService();
  });

  test('[HOSTILE-31] If-Match beside fragments', async () => {
    const stage = await HostileStage.open();
    const session = await stage.gateway.whip();
    const { pathname } = new URL(session.headers.get('location') ?? '');
    const etag = session.headers.get('etag') ?? '';
    const value = fc.oneof(headerValues, fc.constantFrom(etag, `W/${etag}`, `"x", ${etag}`, '*'));
    await fc.assert(
      fc.asyncProperty(value, async (ifMatch) => {
        const reply = await stage.send({
          method: 'PATCH',
          target: pathname,
          token: null,
          type: 'application/trickle-ice-sdpfrag',
          headers: [`If-Match: ${ifMatch}`],
          body: 'a=end-of-candidates\r\n',
        });
        // The budget of a session's fragments is smaller than a long search.
        expect([204, 400, 412, 429]).toContain(reply.status);
        if (reply.status === 204) expect(ifMatch).toMatch(/\*|"[0-9a-f]{16}"/);
      }),
      runs(100),
    );
    expect((await stage.gateway.request('GET', pathname)).status).toBe(204);
    await stage.expectGoodService();
  });

  test('[HOSTILE-29] WebSocket upgrades', async () => {
    const stage = await HostileStage.open();
    const targets = fc.constantFrom(
      '/',
      '/whip/demo',
      '/ws/control/demo',
      '/sessions/x',
      '/%2e%2e',
    );
    const headers = fc.array(
      fc.oneof(
        headerValues.map((text) => `Sec-WebSocket-Key: ${text}`),
        headerValues.map((text) => `Sec-WebSocket-Protocol: ${text}`),
        headerValues.map((text) => `Sec-WebSocket-Extensions: ${text}`),
        fc.nat(99).map((version) => `Sec-WebSocket-Version: ${version}`),
        fc.constantFrom('Upgrade: h2c', 'Connection: keep-alive', 'Transfer-Encoding: chunked'),
      ),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(
        targets,
        headers,
        fc.string({ maxLength: 40 }),
        async (target, more, frames) => {
          const lines = ['Host: gateway', 'Connection: Upgrade', 'Upgrade: websocket', ...more];
          // Resolves when the server has closed, whatever it was asked.
          const { status } = await sendRaw(
            stage.gateway.url,
            [`GET ${target} HTTP/1.1`, ...lines],
            frames,
          );
          expect([400, 404, 426]).toContain(status);
        },
      ),
      runs(100),
    );
    await stage.expectGoodService();
  });

  test('[HOSTILE-27] requests changed by characters and lines', async () => {
    const stage = await HostileStage.open();
    const good = [
      'POST /whip/demo HTTP/1.1',
      'Host: gateway',
      'Content-Type: application/sdp',
      'Content-Length: 5',
      'Connection: close',
    ];
    const changes = fc.array(
      fc.tuple(fc.nat(), fc.nat(), fc.string({ unit: 'binary', maxLength: 3 })),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(changes, async (edits) => {
        let text = good.join('\r\n');
        for (const [at, length, piece] of edits) {
          const from = at % text.length;
          text = text.slice(0, from) + piece + text.slice(from + (length % 8));
        }
        const lines = [...text.split('\r\n'), 'Connection: close'];
        const { status } = await sendRaw(stage.gateway.url, lines, 'v=0\r\n');
        expect([201, 500, 502, 503]).not.toContain(status);
      }),
      runs(60),
    );
    expect(stage.srs.signalling).toEqual([]);
    await stage.expectGoodService();
  });
});
