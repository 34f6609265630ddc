import { createSign, generateKeyPairSync, constants, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { describe, expect, test } from 'vitest';
import {
  hasRights,
  isForRoom,
  isGlobalAdmin,
  isOperator,
  mayDo,
  mayOperate,
} from '../../../gateway/auth/grant.ts';
import { hmacKey, publicKey } from '../../../gateway/auth/keys.ts';
import { Tokens } from '../../../gateway/auth/tokens.ts';
import { GatewayError } from '../../../gateway/errors.ts';
import { aForgedToken, JWT_SECRET } from '../../support/gateway/a-token.ts';
import { aGrant, aRoom, aSource } from '../../support/gateway/a-gateway-core.ts';

const NOW = 1_800_000_000;
const CLAIMS = { sub: 'anna', room: 'demo', can: ['publish'], exp: NOW + 60 };
const HS256 = { alg: 'HS256', typ: 'JWT' };
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString();

function aVerifier(clock = { now: NOW * 1000 }) {
  const publicKeys = [publicKey(pem(rsa.publicKey)), publicKey(pem(ec.publicKey))];
  return new Tokens(hmacKey(JWT_SECRET), { publicKeys, now: () => clock.now });
}

async function codeOf(token: string, verifier = aVerifier()): Promise<string> {
  try {
    await verifier.verify(token);
    return 'verified';
  } catch (error) {
    return error instanceof GatewayError ? error.code : String(error);
  }
}

const sign = (claims: object, header: object = HS256): string => aForgedToken(header, claims);

describe('a good token', () => {
  test('gives its grant', async () => {
    const token = sign({ ...CLAIMS, sources: ['main'], jti: 'x', iat: 0, extra: {} });
    expect(await aVerifier().verify(token)).toEqual({
      subject: 'anna',
      room: 'demo',
      sources: ['main'],
      can: ['publish'],
      expiresAt: (NOW + 60) * 1000,
      issuedAt: 0,
      tokenId: 'x',
    });
  });

  test.each(['RS256', 'PS256'] as const)('may be signed with %s', async (algorithm) => {
    expect(await codeOf(jwt.sign(CLAIMS, rsa.privateKey, { algorithm }))).toBe('verified');
  });

  test('may be signed with ES256', async () => {
    expect(await codeOf(jwt.sign(CLAIMS, ec.privateKey, { algorithm: 'ES256' }))).toBe('verified');
  });

  test('minted here verifies here, each with an id of its own', async () => {
    const tokens = aVerifier();
    const claims = { sub: 'cy', room: aRoom('demo'), can: ['watch' as const], exp: NOW + 5 };
    const [first, second] = [tokens.mint(claims), tokens.mint(claims)];
    expect((await tokens.verify(first)).subject).toBe('cy');
    expect(first).not.toBe(second);
  });
});

describe('[HOSTILE-14] a token of another algorithm', () => {
  const unsigned = (alg: string): string => sign(CLAIMS, { alg }).replace(/[^.]*$/, '');
  test.each([
    ['none', unsigned('none')],
    ['NoNe', unsigned('NoNe')],
    ['none with a signature', sign(CLAIMS, { alg: 'none' })],
    ['no alg', sign(CLAIMS, { typ: 'JWT' })],
    ['a list', sign(CLAIMS, { alg: ['HS256'] })],
    ['HS512', sign(CLAIMS, { alg: 'HS512' })],
    ['HS256 with the RSA public key', aForgedToken(HS256, CLAIMS, pem(rsa.publicKey))],
    ['HS256 with the EC public key', aForgedToken(HS256, CLAIMS, pem(ec.publicKey))],
    ['RS256 that is HMAC', sign(CLAIMS, { alg: 'RS256' })],
    ['b64: false', sign(CLAIMS, { ...HS256, b64: false })],
    ['crit', sign(CLAIMS, { ...HS256, crit: ['b64'], b64: false })],
    ['an empty crit', sign(CLAIMS, { ...HS256, crit: [] })],
    ['a nested JWE', `${sign(CLAIMS)}.${'a'.repeat(20)}.b`],
    ['another secret', aForgedToken(HS256, CLAIMS, 'another secret of 32 characters!!')],
    ['an RSA key of somebody else', foreign()],
    ['a JWE', `${aForgedToken({ alg: 'dir', enc: 'A128GCM' }, CLAIMS)}.YQ.YQ`],
    ['another JWT in it', aForgedToken({ ...HS256, cty: 'JWT' }, sign(CLAIMS))],
    ['JSON serialization', JSON.stringify({ payload: 'e30', signature: '', protected: '' })],
    ['padding', `${sign(CLAIMS)}=`],
    ['a list of claims', sign([CLAIMS])],
    ['nothing', ''],
    ['dots', '..'],
    ['a payload that is no JSON', aForgedToken(HS256, 'hello')],
    ['a header that is no JSON', aForgedToken('hello', CLAIMS)],
  ])('%s is invalid', async (_, token) => {
    expect(await codeOf(token)).toBe('token-invalid');
  });
});

describe('[HOSTILE-15] a header that points somewhere', () => {
  test.each([
    { kid: '../../etc/passwd' },
    { kid: 'https://evil.example/key' },
    { kid: '__proto__' },
    { kid: "' OR 1=1 --" },
    { kid: '\0' },
    { kid: 'k'.repeat(250) },
    { jku: 'https://evil.example/jwks' },
    { x5u: 'https://evil.example/cert' },
    { jwk: { kty: 'oct', k: 'c2VjcmV0' } },
    { x5c: ['MIIB'] },
  ])('%j changes nothing: our key decides', async (header) => {
    expect(await codeOf(sign(CLAIMS, { ...HS256, ...header }))).toBe('verified');
    const forged = aForgedToken({ ...HS256, ...header }, CLAIMS, 'secret of somebody else, long');
    expect(await codeOf(forged)).toBe('token-invalid');
  });

  test.each([['k'.repeat(257)], [7], [['a']], [{}], [null]])('kid %j is invalid', async (kid) => {
    expect(await codeOf(sign(CLAIMS, { ...HS256, kid }))).toBe('token-invalid');
  });
});

describe('[HOSTILE-16] an expiry', () => {
  test.each([
    ['a string', String(NOW + 60), 'token-invalid'],
    ['a fraction', NOW + 60.5, 'token-invalid'],
    ['1e308', 1e308, 'token-invalid'],
    ['null', null, 'token-invalid'],
    ['negative', -1, 'token-expired'],
    ['past', NOW - 60, 'token-expired'],
    ['past by less than the leeway', NOW - 4, 'verified'],
    ['past by the leeway', NOW - 5, 'token-expired'],
  ])('that is %s: %s is %s', async (_, exp, code) => {
    expect(await codeOf(sign({ ...CLAIMS, exp }))).toBe(code);
  });

  test('that is absent is invalid', async () => {
    const { exp: _, ...claims } = CLAIMS;
    expect(_).toBe(NOW + 60);
    expect(await codeOf(sign(claims))).toBe('token-invalid');
  });

  test.each([
    ['exp', `{"exp":${NOW - 100},`],
    ['exp in disguise', `{"\\u0065xp":${NOW - 100},`],
    ['room', '{"room":"other",'],
    ['__proto__', '{"__proto__":{},"__proto__":{},'],
    ['a member of a member', '{"extra":[{"a":1,"a":2}],'],
  ])('%s said twice is invalid', async (_, start) => {
    const twice = JSON.stringify(CLAIMS).replace('{', start);
    expect(await codeOf(aForgedToken(HS256, twice))).toBe('token-invalid');
  });

  test('alg said twice is invalid', async () => {
    expect(await codeOf(aForgedToken('{"alg":"none","alg":"HS256"}', CLAIMS))).toBe(
      'token-invalid',
    );
  });

  test('beside text that looks like members is good', async () => {
    const extra = { note: 'a":1,"a":2', list: ['"x":', '\\'], deep: { exp: 1, room: ':' } };
    expect(await codeOf(sign({ ...CLAIMS, extra }))).toBe('verified');
  });

  test('is not outlived by the memory of verified tokens', async () => {
    const clock = { now: NOW * 1000 };
    const tokens = aVerifier(clock);
    const token = sign(CLAIMS);
    expect(await tokens.verify(token)).toBe(await tokens.verify(token));
    clock.now += 64_000;
    expect(await codeOf(token, tokens)).toBe('verified');
    clock.now += 1000;
    expect(await codeOf(token, tokens)).toBe('token-expired');
  });

  test.each([
    ['nbf in the future', { nbf: NOW + 30 }, 'token-invalid'],
    ['nbf as a string', { nbf: '1' }, 'token-invalid'],
    ['iat in the future', { iat: NOW + 30 }, 'token-invalid'],
    ['a huge iat', { iat: 1e308 }, 'token-invalid'],
    ['iat as a string', { iat: '1' }, 'token-invalid'],
    ['iat ahead by less than the leeway', { iat: NOW + 4 }, 'verified'],
  ])('beside %s: %j is %s', async (_, claims, code) => {
    expect(await codeOf(sign({ ...CLAIMS, ...claims }))).toBe(code);
  });
});

describe('[HOSTILE-44] clocks that differ', () => {
  const MINUTES = 10 * 60;
  const ours = (leewaySeconds: number) =>
    new Tokens(hmacKey(JWT_SECRET), { leewaySeconds, now: () => NOW * 1000 });

  test('an issuer ten minutes behind or ahead is not believed', async () => {
    const behind = sign({ ...CLAIMS, exp: NOW + 60 - MINUTES, iat: NOW - MINUTES });
    const ahead = sign({ ...CLAIMS, exp: NOW + 60 + MINUTES, iat: NOW + MINUTES });
    expect(await codeOf(behind)).toBe('token-expired');
    expect(await codeOf(ahead)).toBe('token-invalid');
  });

  test('a leap second is within the leeway', async () => {
    expect(await codeOf(sign({ ...CLAIMS, exp: NOW - 1 }))).toBe('verified');
  });

  test('the leeway is what was configured', async () => {
    const late = sign({ ...CLAIMS, exp: NOW - 20 });
    expect(await codeOf(late, ours(30))).toBe('verified');
    expect(await codeOf(late, ours(0))).toBe('token-expired');
    expect(await codeOf(sign({ ...CLAIMS, exp: NOW }), ours(0))).toBe('token-expired');
  });
});

describe('a token of another issuer', () => {
  const rules = { publicKeys: [publicKey(pem(rsa.publicKey))], now: () => NOW * 1000 };
  const strict = new Tokens(hmacKey(JWT_SECRET), { ...rules, issuer: 'id', audience: 'cast' });
  const foreignToken = (more: object): string =>
    jwt.sign({ ...CLAIMS, ...more }, rsa.privateKey, { algorithm: 'RS256' });

  test.each([
    [{ iss: 'id', aud: 'cast' }, 'verified'],
    [{ iss: 'id', aud: ['mail', 'cast'] }, 'verified'],
    [{ iss: 'id', aud: 'mail' }, 'token-invalid'],
    [{ iss: 'other', aud: 'cast' }, 'token-invalid'],
    [{}, 'token-invalid'],
  ])('with %j is %s where issuer and audience are configured', async (claims, code) => {
    expect(await codeOf(foreignToken({ ...claims, iat: NOW }), strict)).toBe(code);
  });

  test('says nothing about our own', async () => {
    expect(await codeOf(sign(CLAIMS), strict)).toBe('verified');
  });
});

describe('[HOSTILE-17] claims', () => {
  test.each([
    ['room is a list', { room: ['demo'] }],
    ['room is empty', { room: '' }],
    ['room is a pattern', { room: 'demo*' }],
    ['room is a path', { room: 'demo/main' }],
    ['room "*" without admin', { room: '*' }],
    ['sources is empty', { sources: [] }],
    ['sources is "*"', { sources: '*' }],
    ['sources has "*"', { sources: ['*'] }],
    ['sources has a prefix', { sources: ['ma*'] }],
    ['sources is a word', { sources: 'main' }],
    ['sources is an object', { sources: { 0: 'main', length: 1 } }],
    ['sources is null', { sources: null }],
    ['sources has an object', { sources: [{}] }],
    ['sources has too many', { sources: Array.from({ length: 17 }, (_, n) => `s${n}`) }],
    ['can is empty', { can: [] }],
    ['can is a word', { can: 'admin' }],
    ['can has an unknown word', { can: ['publish', 'root'] }],
    ['sub is absent', { sub: undefined }],
    ['sub is an object', { sub: {} }],
  ])('where %s are invalid', async (_, claims) => {
    expect(await codeOf(sign({ ...CLAIMS, ...claims }))).toBe('token-invalid');
  });

  test.each([4100, 100 * 1024])('in a token of %d bytes are not looked at', async (length) => {
    const token = sign({ ...CLAIMS, pad: 'a'.repeat(length) });
    expect(await codeOf(token)).toBe('token-invalid');
  });

  test('every reason but expiry has one and the same sentence', async () => {
    const bad = ['', 'a.b.c', sign(CLAIMS, { alg: 'none' }), sign({})];
    const sentences = await Promise.all(
      bad.map((token) => aVerifier().verify(token).then(String, String)),
    );
    expect(new Set(sentences).size).toBe(1);
  });
});

describe('a grant', () => {
  const [demo, other] = [aRoom('demo'), aRoom('other')];
  const [main, camera] = [aSource('main'), aSource('camera')];

  test('is for its room, its sources and its actions', () => {
    const grant = aGrant({ can: ['publish'], sources: [main] });
    expect(mayDo(grant, 'publish', demo, main)).toBe(true);
    expect(mayDo(grant, 'publish', demo, camera)).toBe(false);
    expect(mayDo(grant, 'watch', demo, main)).toBe(false);
    expect(mayDo(grant, 'publish', other, main)).toBe(false);
    expect([isForRoom(grant, demo), isForRoom(grant, other)]).toEqual([true, false]);
  });

  test('without sources is for all of them', () => {
    expect(mayDo(aGrant(), 'publish', demo, camera)).toBe(true);
  });

  test('of an admin includes everything in its room, and no other room', () => {
    const admin = aGrant({ can: ['admin'] });
    expect(mayDo(admin, 'publish', demo, camera)).toBe(true);
    expect(mayDo(admin, 'publish', other)).toBe(false);
    expect(isGlobalAdmin(admin)).toBe(false);
    expect(isGlobalAdmin(aGrant({ room: '*', can: ['admin'] }))).toBe(true);
    expect(isGlobalAdmin(aGrant({ room: '*', can: ['watch'] }))).toBe(false);
  });
});

describe('[USER-01] an operator’s grant', () => {
  const [demo, other] = [aRoom('demo'), aRoom('other')];
  const operator = aGrant({ can: ['operate', 'watch'] });

  test('operates its room and no other, and does nothing else that it does not name', () => {
    expect([mayOperate(operator, demo), mayOperate(operator, other)]).toEqual([true, false]);
    expect(isOperator(operator)).toBe(true);
    for (const action of ['publish', 'control', 'host', 'admin'] as const) {
      expect(mayDo(operator, action, demo), action).toBe(false);
    }
    expect(isGlobalAdmin(aGrant({ room: '*', can: ['operate'] }))).toBe(false);
  });

  test('is in an admin’s, and in nobody else’s', () => {
    expect(mayOperate(aGrant({ can: ['admin'] }), demo)).toBe(true);
    const rest = aGrant({ can: ['publish', 'watch', 'control', 'host'] });
    expect([mayOperate(rest, demo), isOperator(rest)]).toEqual([false, false]);
  });
});

describe('[USER-02] what may be handed on', () => {
  const [demo, other] = [aRoom('demo'), aRoom('other')];
  const [main, camera] = [aSource('main'), aSource('camera')];
  const operator = aGrant({ can: ['operate', 'watch'], sources: [main] });
  const wish = { room: demo, sources: [main], can: ['watch'] } as const;

  test('is what one has', () => {
    expect(hasRights(operator, wish)).toBe(true);
    expect(hasRights(aGrant({ can: ['admin'] }), { ...wish, can: ['host', 'admin'] })).toBe(true);
    const root = aGrant({ room: '*', can: ['admin'] });
    expect(hasRights(root, { room: '*', sources: undefined, can: ['admin'] })).toBe(true);
    const some = aGrant({ room: [demo, other], can: ['operate'] });
    expect(hasRights(some, { ...wish, room: other, can: ['operate'] })).toBe(true);
  });

  test.each([
    ['another room', { room: other }],
    ['all rooms', { room: '*' as const }],
    ['another room beside its own', { room: [demo, other] }],
    ['another source', { sources: [camera] }],
    ['all sources', { sources: undefined }],
    ['another action', { can: ['watch', 'publish'] as const }],
    ['more than it is', { can: ['admin'] as const }],
  ])('is not %s', (_, more) => {
    expect(hasRights(operator, { ...wish, ...more })).toBe(false);
  });

  test('is not all rooms for the admin of some', () => {
    const admin = aGrant({ room: [demo, other], can: ['admin'] });
    expect(hasRights(admin, { ...wish, room: '*' })).toBe(false);
  });
});

describe('a public key', () => {
  test.each([
    [
      'a private key',
      rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      'private',
    ],
    ['no key', 'hello', 'not a PEM public key'],
    ['a short RSA key', pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey), '2048'],
    ['another curve', pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey), 'P-256'],
    ['Ed25519', pem(generateKeyPairSync('ed25519').publicKey), 'P-256'],
  ])('that is %s is refused', (_, text, why) => {
    expect(() => publicKey(text)).toThrow(why);
  });

  test('is bound to the algorithms of its kind', () => {
    expect(publicKey(pem(rsa.publicKey)).algorithms).toEqual(['RS256', 'PS256']);
    expect(publicKey(pem(ec.publicKey)).algorithms).toEqual(['ES256']);
    expect(hmacKey(JWT_SECRET).algorithms).toEqual(['HS256']);
  });
});

/** RS256 by a key that we do not know. */
function foreign(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const parts = [{ alg: 'RS256' }, CLAIMS].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const key = { key: privateKey, padding: constants.RSA_PKCS1_PADDING };
  const signature = createSign('RSA-SHA256').update(parts.join('.')).sign(key, 'base64url');
  return [...parts, signature].join('.');
}
