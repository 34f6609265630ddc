import { describe, expect, test } from 'vitest';
import { aToken } from '../../support/gateway/a-token.ts';
import { HostileStage } from '../../support/gateway/hostile-stage.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';

const REFUSED = [400, 404, 405];

describe('names that would mean something to SRS', () => {
  test.each([
    'a,action,play',
    'a&eip=1.2.3.4',
    'a;encrypt=false',
    'a=b',
    'a%26b',
    'a%3Bb',
    'a%2Cb',
    'a.flv',
    'a'.repeat(65),
    '%C3%A9',
    '%EF%BC%8F',
    '%D0%B0dmin',
    'a%00',
    '%C0%AE',
    '%',
    'a b',
    'a%20b',
  ])('[HOSTILE-08] %s is no name', async (name) => {
    const stage = await HostileStage.open();
    for (const target of [`/whip/${name}`, `/whip/demo/${name}`, `/whep/${name}`]) {
      // A blank ends the target: node's parser refuses what follows.
      await stage.throws({ target }, { status: REFUSED, cors: !name.includes(' ') });
    }
  });
});

describe('paths that would leave their place', () => {
  test.each([
    '/whip/..',
    '/whip/.',
    '/whip/../api/v1/clients/',
    '/whip/%2e%2e%2fapi',
    '/whip/%2e%2e/%2e%2e/rtc/v1/whip',
    '/whip/%252e%252e',
    '/whip/demo%252fmain',
    '/whip//demo',
    '/whip/demo/',
    '/whip/demo/main/',
    '/whip/demo.',
    '/whip/demo\\main',
    '/whip/demo%5cmain',
    '/whip/%00',
    '/whip/%c0%ae%c0%ae',
    '/whip/demo/main/more',
    '/sessions/../whip/demo',
  ])('[HOSTILE-09] %s is nowhere', async (target) => {
    const stage = await HostileStage.open();
    await stage.throws({ target }, { status: REFUSED });
  });

  test.each(['//whip/demo', '/WHIP/demo', '/rtc/v1/whip/?app=demo&stream=main', '/./whip/demo'])(
    '[HOSTILE-09] %s is outside of all endpoints',
    async (target) => {
      const stage = await HostileStage.open();
      await stage.throws({ target }, { status: REFUSED, cors: false });
    },
  );
});

describe('line ends in what a client names', () => {
  const cookie = '%0d%0aSet-Cookie:%20a=b';
  test.each([
    ['the path', { target: `/whip/demo${cookie}` }, [400, 404]],
    ['the source', { target: `/whip/demo/main${cookie}` }, [400, 404]],
    ['the query', { target: `/whip/demo?x=${cookie}` }, [201]],
    ['User-Agent', { headers: [`User-Agent: x${cookie}`] }, [201]],
    ['Host', { host: `gateway${cookie}` }, [201, 400]],
    ['X-Request-Id', { headers: [`X-Request-Id: x${cookie}`] }, [201]],
    ['a session URL', { method: 'DELETE', target: `/sessions/x${cookie}` }, [400, 404]],
  ] as const)('[HOSTILE-10] %s makes no header', async (_, request, status) => {
    const stage = await HostileStage.open();
    const reply = await stage.throws(request, { status, reaches: status[0] === 201 });
    expect(reply.head).not.toMatch(/^Set-Cookie/im);
    expect(reply.head).not.toContain('%0d');
  });

  test('[HOSTILE-10] Origin makes no header', async () => {
    const stage = await HostileStage.open({ env: { CORS_ORIGINS: 'https://pages.example' } });
    const headers = [`Origin: https://pages.example${cookie}`];
    const reply = await stage.throws({ headers }, { status: [400, 403], cors: false });
    expect(reply.head).not.toMatch(/Set-Cookie/i);
  });
});

test('[HOSTILE-11] no query of a client reaches the node; ours has its fixed order', async () => {
  const stage = await HostileStage.open();
  const query =
    'action=play&vhost=x&domain=y&callback=f&method=DELETE&eip=1.2.3.4&candidate=1.2.3.4' +
    '&codec=av1&encrypt=false&dtls=false&ice-ufrag=abcd&ice-pwd=x&app=z&stream=z';
  await stage.throws({ target: `/whip/demo?${query}` }, { status: [201], reaches: true });
  expect(stage.srs.offers[0]?.url).toMatch(
    /^\/rtc\/v1\/whip\/\?app=demo&stream=main&ticket=[0-9a-f]{32}$/,
  );
});

test('[HOSTILE-11] the codec stands between stream and ticket', async () => {
  const stage = await HostileStage.open();
  const body = anOffer('chromium-publish-av1');
  await stage.throws({ body }, { status: [201], reaches: true });
  expect(stage.srs.offers[0]?.url).toMatch(/\?app=demo&stream=main&codec=av1&ticket=[0-9a-f]{32}$/);
});

test('[HOSTILE-20] a session URL bent in any way is 404 and ends nothing', async () => {
  const stage = await HostileStage.open();
  const reply = await stage.gateway.whip();
  const { pathname } = new URL(reply.headers.get('location') ?? '');
  const secret = pathname.slice('/sessions/'.length);
  const letter = /[a-z]/i.exec(secret)?.[0] ?? '';
  const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
  for (const target of [
    `/sessions/${secret.replace(letter, other)}`,
    `/sessions/${secret.toUpperCase()}`,
    `${pathname}/`,
    `${pathname}x`,
    `${pathname}/x`,
    `${pathname}%20`,
    `${pathname}%00`,
    `/sessions/${secret.slice(0, -1)}`,
    `/whip/demo/${secret}x`,
    `/whip/${secret}`,
    `/whep/demo/${secret}`,
    '/sessions/__proto__',
    '/sessions/constructor',
    '/sessions/',
  ]) {
    for (const method of ['DELETE', 'PATCH']) {
      await stage.throws({ method, target, token: null }, { status: [400, 401, 404, 405] });
    }
  }
  expect((await stage.gateway.request('GET', pathname)).status).toBe(204);
});

describe('two rooms with a source of the same name', () => {
  const anna = aToken({ sub: 'anna', room: 'one' });
  const bert = aToken({ sub: 'bert', room: 'two' });

  test('[HOSTILE-45] are two: both publish, neither looks into the other', async () => {
    const stage = await HostileStage.open();
    const { gateway } = stage;
    expect((await gateway.whip('one', { token: anna })).status).toBe(201);
    expect((await gateway.whep('two', { token: bert })).status).toBe(409);
    expect((await gateway.whip('two', { token: bert })).status).toBe(201);
    expect(stage.srs.offers.map(({ url }) => /app=(\w+)&stream=main/.exec(url)?.[1])).toEqual([
      'one',
      'two',
    ]);
    await stage.throws({ target: '/whip/one', token: bert }, { status: [403] });
    await stage.throws({ target: '/whep/one', token: bert }, { status: [403] });
    for (const target of ['/api/v1/rooms/one', '/api/v1/sessions?room=one']) {
      await stage.throws({ method: 'GET', target, token: bert }, { status: [403] });
    }
  });

  test('[HOSTILE-45] neither end the other’s sessions nor live on them', async () => {
    const stage = await HostileStage.open();
    const { gateway } = stage;
    const [first] = [await gateway.whip('one', { token: anna })];
    await gateway.whip('two', { token: bert });
    const { pathname } = new URL(first.headers.get('location') ?? '');
    await stage.throws({ method: 'DELETE', target: pathname, token: bert }, { status: [403] });
    const inOne = aToken({ sub: 'root', room: 'two', can: ['admin'] });
    const seen = await gateway.json('/api/v1/sessions', inOne);
    expect(JSON.stringify(seen)).not.toContain('"one"');
    expect((await gateway.request('DELETE', pathname, { token: null })).status).toBe(200);
    expect((await gateway.whep('two', { token: bert })).status).toBe(201);
    expect((await gateway.whep('one', { token: anna })).status).toBe(409);
  });
});
