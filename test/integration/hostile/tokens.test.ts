import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { aForgedToken, aToken } from '../../support/gateway/a-token.ts';
import { HostileStage } from '../../support/gateway/hostile-stage.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';

const HS256 = { alg: 'HS256', typ: 'JWT' };
const SOON = Math.floor(Date.now() / 1000) + 3600;
const CLAIMS = { sub: 'mallory', room: 'demo', can: ['publish'], exp: SOON };

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** A gateway that also takes tokens of an RSA key. */
async function aStage(): Promise<HostileStage> {
  const file = join(aFolder(), 'issuer.pem');
  writeFileSync(file, PEM);
  return await HostileStage.open({ env: { JWT_PUBLIC_KEY_FILES: file } });
}

const unsigned = (header: object) => aForgedToken(header, CLAIMS).replace(/[^.]*$/, '');

function rsaToken(header: object): string {
  const [head = '', body = ''] = aForgedToken(header, CLAIMS).split('.');
  const signature = sign('sha256', Buffer.from(`${head}.${body}`), privateKey);
  return `${head}.${body}.${signature.toString('base64url')}`;
}

const withClaims = (changes: object) => aForgedToken(HS256, { ...CLAIMS, ...changes });

describe('a token', () => {
  test.each([
    ['of alg none', unsigned({ alg: 'none' })],
    ['of alg NoNe with a signature', aForgedToken({ alg: 'NoNe' }, CLAIMS)],
    ['signed with the public key as a secret', aForgedToken(HS256, CLAIMS, PEM)],
    ['without alg', aForgedToken({ typ: 'JWT' }, CLAIMS)],
    ['with crit', aForgedToken({ ...HS256, crit: ['b64'] }, CLAIMS)],
    ['with b64 false', aForgedToken({ ...HS256, crit: ['b64'], b64: false }, CLAIMS)],
    ['of five parts', 'a.b.c.d.e'],
    ['with alg as a list', aForgedToken({ alg: ['HS256'] }, CLAIMS)],
    ['of RSA said to be HMAC', rsaToken(HS256)],
  ])('[HOSTILE-14] %s is 401', async (_, token) => {
    const stage = await aStage();
    const reply = await stage.throws({ token }, { status: [401] });
    expect(reply.head + reply.body).not.toContain(token);
  });

  test('[HOSTILE-14] of the configured RSA key is taken, so that the others mean something', async () => {
    const stage = await aStage();
    const token = rsaToken({ alg: 'RS256', typ: 'JWT' });
    await stage.throws({ token }, { status: [201], reaches: true });
  });

  test.each([
    '../../etc/passwd',
    'http://127.0.0.1:1/key',
    'a'.repeat(2048),
    "' OR 1=1 --",
    'a\0b',
    '__proto__',
    'constructor',
  ])('[HOSTILE-15] with the kid %j opens no file and no connection', async (kid) => {
    const stage = await aStage();
    const own = aForgedToken({ ...HS256, kid }, CLAIMS, 'a key that is not the gateway’s');
    await stage.throws({ token: own }, { status: [401] });
    const issuers = rsaToken({ alg: 'RS256', kid, jku: 'http://127.0.0.1:1/', x5u: 'file:///x' });
    await stage.throws({ token: `${issuers.slice(0, -4)}AAAA` }, { status: [401] });
  });

  test('[HOSTILE-15] that brings its own key is 401', async () => {
    const stage = await aStage();
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = other.publicKey.export({ format: 'jwk' });
    const [head = '', body = ''] = aForgedToken({ alg: 'RS256', jwk }, CLAIMS).split('.');
    const signature = sign('sha256', Buffer.from(`${head}.${body}`), other.privateKey);
    const token = `${head}.${body}.${signature.toString('base64url')}`;
    await stage.throws({ token }, { status: [401] });
  });

  test.each([
    ['exp as text', withClaims({ exp: String(SOON) })],
    ['exp as a fraction', withClaims({ exp: SOON + 0.5 })],
    ['exp of 1e308', withClaims({ exp: 1e308 })],
    ['exp below zero', withClaims({ exp: -1 })],
    ['no exp', withClaims({ exp: undefined })],
    ['iat far ahead', withClaims({ iat: SOON + 86_400 })],
    ['iat as text', withClaims({ iat: 'now' })],
    ['4 KiB of claims', withClaims({ x: 'a'.repeat(4096) })],
    ['claims that are no JSON', aForgedToken(HS256, '{"sub"')],
    ['claims that are a list', aForgedToken(HS256, '[]')],
  ])('[HOSTILE-16] with %s is 401', async (_, token) => {
    const stage = await aStage();
    await stage.throws({ token }, { status: [401] });
  });

  test('[HOSTILE-16] with a claim twice means the last of them', async () => {
    const stage = await aStage();
    const claims = `{"room":"*","can":["admin"],"room":"other","can":["watch"],"sub":"x","exp":${SOON}}`;
    const token = aForgedToken(HS256, claims);
    await stage.throws({ token }, { status: [401, 403] });
  });

  test('[HOSTILE-16] of 100 KiB is 431', async () => {
    const stage = await aStage();
    const token = withClaims({ x: 'a'.repeat(100 * 1024) });
    await stage.throws({ token }, { status: [401, 431], cors: false });
  });

  test.each([
    ['a source of *', { sources: ['*'] }, 401],
    ['a source that is a beginning', { sources: ['mai'] }, 403],
    ['no source', { sources: [] }, 401],
    ['an empty source', { sources: [''] }, 401],
    ['an object of sources', { sources: { 0: 'main' } }, 401],
    ['one source as text', { sources: 'main' }, 401],
    ['the room *', { room: '*' }, 401],
    ['a room that is a beginning', { room: 'dem' }, 403],
    ['a room in other letters', { room: 'DEMO' }, 403],
    ['a list of rooms', { room: ['demo'] }, 401],
    ['can as text', { can: 'publish' }, 401],
    ['can *', { can: ['*'] }, 401],
    ['can nothing', { can: [] }, 401],
  ])('[HOSTILE-17] with %s reaches no further', async (_, changes, status) => {
    const stage = await aStage();
    await stage.throws({ token: withClaims(changes) }, { status: [status] });
  });

  test.each([
    ['that ran out ten minutes ago', { exp: SOON - 3600 - 600 }],
    ['that begins in ten minutes', { nbf: SOON - 3600 + 600 }],
  ])('[HOSTILE-44] %s is 401', async (_, changes) => {
    const stage = await aStage();
    await stage.throws({ token: withClaims(changes) }, { status: [401] });
  });

  test('[HOSTILE-44] that ran out two seconds ago is within what clocks may differ', async () => {
    const stage = await aStage();
    await stage.throws({ token: aToken({ seconds: -2 }) }, { status: [201], reaches: true });
  });
});
