import { readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createAuditStream } from '../../../gateway/observability/audit-stream.ts';
import { createLogger } from '../../../gateway/observability/logger.ts';
import { anAdminToken, aToken } from '../../support/gateway/a-token.ts';
import {
  aFolder,
  problemOf,
  startGateway,
  type GatewayUnderTest,
  type LogLine,
} from '../../support/gateway/start-gateway.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

const auditOf = ({ lines }: GatewayUnderTest): readonly LogLine[] =>
  lines.filter((line) => line['audit'] === true);

describe('a refusal is told', () => {
  test('with what was asked for, from where, by whom, and the id of its answer', async () => {
    const { gateway } = await startGateway();
    const reply = await gateway.whip('other', { token: aToken({ sub: 'anna' }) });
    expect(auditOf(gateway)).toMatchObject([
      {
        level: 30,
        msg: 'request refused',
        code: 'scope-insufficient',
        status: 403,
        method: 'POST',
        route: 'whip',
        room: 'other',
        address: '127.0.0.1',
        subject: 'anna',
        request: reply.headers.get('x-request-id'),
      },
    ]);
    expect((await problemOf(reply))['request']).toBe(reply.headers.get('x-request-id'));
  });

  test.each([
    ['no token', 401, 'token-missing', 'whip'],
    ['a session that is none', 404, 'session-not-found', 'sessions'],
    ['an admin’s page of the API', 403, 'scope-insufficient', 'api'],
    ['a broken offer', 400, 'sdp-malformed', 'whip'],
    ['another body', 415, 'media-type-unsupported', 'whep'],
    ['nobody to watch', 409, 'no-publisher', 'whep'],
    ['a hook with a wrong secret', 403, 'scope-insufficient', 'hook'],
    ['nothing', 404, 'not-found', 'other'],
    ['a strange method', 405, 'method-not-allowed', 'whip'],
  ])('for %s: %d', async (what, status, code, route) => {
    const { gateway } = await startGateway();
    const asked: Record<string, () => Promise<Response>> = {
      'no token': () => gateway.whip('demo', { token: null }),
      'a session that is none': () => gateway.request('DELETE', '/sessions/guess', { token: null }),
      'an admin’s page of the API': () => gateway.request('GET', '/api/v1/sessions'),
      'a broken offer': () => gateway.whip('demo', { offer: 'no' }),
      'another body': () =>
        gateway.request('POST', '/whep/demo', { headers: JSON_TYPE, body: '{}' }),
      'nobody to watch': () => gateway.whep(),
      'a hook with a wrong secret': () =>
        gateway.request('POST', '/api/srs/publish?secret=guess', { token: null }),
      nothing: () => gateway.request('GET', '/wp-login.php', { token: null }),
      'a strange method': () => gateway.request('PUT', '/whip/demo'),
    };
    expect((await asked[what]?.())?.status).toBe(status);
    expect(auditOf(gateway)).toMatchObject([{ status, code, route }]);
  });

  test('even where LOG_LEVEL keeps other lines away, unless it is silent', () => {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const loud = pino({ level: 'error' }, { write });
    createAuditStream(loud, undefined).log.info({ code: 'x' }, 'request refused');
    expect(lines).toHaveLength(1);
    const silent = pino({ level: 'silent' }, { write });
    createAuditStream(silent, undefined).log.info({ code: 'x' }, 'request refused');
    expect(lines).toHaveLength(1);
  });
});

test('a flood is a few lines and a count', async () => {
  const { gateway } = await startGateway();
  for (let round = 0; round < 20; round += 1) {
    const batch = Array.from({ length: 50 }, () => gateway.whip('demo', { token: null }));
    for (const reply of await Promise.all(batch)) expect(reply.status).toBe(401);
  }
  expect(auditOf(gateway)).toHaveLength(20);
  await gateway.close();
  expect(auditOf(gateway).at(-1)).toMatchObject({
    msg: 'more requests refused',
    address: '127.0.0.1',
    count: 980,
    codes: { 'token-missing': 980 },
  });
  expect(gateway.lines.filter(({ msg }) => msg.includes('refused'))).toHaveLength(21);
});

test('every act of an administrator is told', async () => {
  const { gateway } = await startGateway();
  const token = anAdminToken();
  const post = (path: string, body: object) =>
    gateway.request('POST', path, { token, headers: JSON_TYPE, body: JSON.stringify(body) });
  const minted = await post('/api/v1/tokens', { sub: 'cy', room: 'demo', can: ['publish'] });
  const { token: given, jti } = (await minted.json()) as { token: string; jti: string };
  await gateway.whip('demo', { token: given });
  const { items } = (await gateway.json('/api/v1/sessions', token)) as { items: { id: string }[] };
  const session = items[0]?.id ?? '';
  await gateway.request('DELETE', `/api/v1/sessions/${session}`, { token });
  const revoked = await post('/api/v1/revocations', { jti });
  const { id } = (await revoked.json()) as { id: string };
  await gateway.request('DELETE', `/api/v1/revocations/${id}`, { token });
  const request = expect.any(String) as string;
  const by = { msg: 'administrator acted', by: 'root', address: '127.0.0.1', request };
  expect(auditOf(gateway)).toMatchObject([
    { ...by, act: 'token-minted', target: { subject: 'cy', room: 'demo', can: ['publish'], jti } },
    {
      ...by,
      act: 'session-kicked',
      target: { session, room: 'demo', source: 'main', subject: 'cy' },
    },
    { ...by, act: 'token-revoked', target: { id, jti } },
    { ...by, act: 'revocation-deleted', target: { id, jti } },
  ]);
  expect(JSON.stringify(gateway.lines)).not.toContain(given);
});

test('no secret is told', async () => {
  const { gateway } = await startGateway();
  const opened = await gateway.whip('demo');
  const secret = (opened.headers.get('location') ?? '').split('/').at(-1) ?? '';
  const guess = 'Zm9yZ2VkLXNlY3JldC1vZi1hLXNlc3Npb24';
  const forged = aToken({ secret: 'another secret of 32 characters!!' });
  await gateway.request('PUT', `/sessions/${secret}`, { token: null });
  await gateway.request('PATCH', `/sessions/${guess}`, {
    token: forged,
    body: 'a=ice-pwd:secretpwd',
  });
  await gateway.whip('demo', { token: forged, offer: 'a=ice-pwd:secretpwd' });
  await gateway.request('POST', '/api/srs/publish?secret=hook-guess', { token: null });
  await gateway.request('GET', `/whip/demo?token=${forged}&x=1`, { headers: { cookie: 'crumb' } });
  expect(auditOf(gateway).length).toBeGreaterThanOrEqual(4);
  const all = JSON.stringify(auditOf(gateway));
  for (const text of [secret, guess, forged, 'secretpwd', 'hook-guess', 'crumb']) {
    expect(all).not.toContain(text);
  }
});

test.each(['a\nforged', 'a\u001b[31mred', 'a\u009b31mred', 'a\u2028b', 'a\u202eb', 'a\u0000b'])(
  '[HOSTILE-42] a subject %j is no subject, so that no reader of a log is fooled',
  async (sub) => {
    const { gateway } = await startGateway();
    expect((await gateway.whip('demo', { token: aToken({ sub }) })).status).toBe(401);
    const minted = await gateway.request('POST', '/api/v1/tokens', {
      token: anAdminToken(),
      headers: JSON_TYPE,
      body: JSON.stringify({ sub, room: 'demo', can: ['watch'] }),
    });
    expect(minted.status).toBe(400);
    expect(gateway.lines.every((line) => !JSON.stringify(line).includes('red'))).toBe(true);
  },
);

test('[HOSTILE-42] a request with odd bytes everywhere is one line without them', async () => {
  const { gateway } = await startGateway();
  await gateway.request('POST', '/whip/de%0amo%1b[31m', {
    headers: { 'user-agent': 'a\u009b31m', referer: 'https://x/\u0085' },
  });
  expect(auditOf(gateway)).toHaveLength(1);
  expect(JSON.stringify(auditOf(gateway))).not.toMatch(/31m|%0a|\u0085/);
});

describe('with AUDIT_LOG_FILE', () => {
  const records = (file: string): Record<string, unknown>[] =>
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  test('records go there alone, for its owner’s eyes', async () => {
    const file = join(aFolder(), 'audit', 'audit.log');
    const { gateway } = await startGateway({ env: { AUDIT_LOG_FILE: file } });
    await gateway.whip('demo', { token: null });
    expect(records(file)).toMatchObject([
      { code: 'token-missing', time: expect.any(String) as string },
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(gateway.lines.filter(({ msg }) => msg === 'request refused')).toEqual([]);
  });

  test('a file that was moved away is followed by a new one when told', () => {
    const file = join(aFolder(), 'audit.log');
    const log = createLogger({ level: 'silent', format: 'json' });
    const stream = createAuditStream(log, file);
    stream.log.info({ n: 1 }, 'first');
    renameSync(file, `${file}.1`);
    stream.reopen();
    stream.log.info({ n: 2 }, 'second');
    expect(records(`${file}.1`)).toMatchObject([{ n: 1 }]);
    expect(records(file)).toMatchObject([{ n: 2 }]);
  });

  test('one that cannot be opened is told at start', async () => {
    const env = { AUDIT_LOG_FILE: aFolder() };
    await expect(startGateway({ env })).rejects.toThrow('AUDIT_LOG_FILE');
  });
});
