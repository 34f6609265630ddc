import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { JwkSet } from '../../../gateway/auth/jwk-set.ts';
import { IssuerKey } from '../../support/gateway/fake-issuer.ts';

const es = new IssuerKey('es');
const rs = new IssuerKey('rs', 'RS256');
const setOf = (...keys: object[]): JwkSet => new JwkSet(JSON.stringify({ keys }));
const withoutAlg = { ...rs.jwk, alg: undefined };
const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const ed25519 = generateKeyPairSync('ed25519');

test('a key is found by its id, and only by that', () => {
  const set = setOf(es.jwk, rs.jwk);
  expect(set.keysFor('es').map(({ algorithms }) => algorithms)).toEqual([['ES256']]);
  expect(set.keysFor('rs').map(({ algorithms }) => algorithms)).toEqual([['RS256']]);
  expect(set.keysFor('__proto__')).toEqual([]);
  expect(set.keysFor('other')).toEqual([]);
  expect(set.keysFor(undefined)).toHaveLength(2);
  expect(set.skipped).toBe(0);
});

test('keys may share an id', () => {
  expect(setOf(es.jwk, { ...rs.jwk, kid: 'es' }).keysFor('es')).toHaveLength(2);
});

test('without alg a key verifies what its kind can; with alg that alone', () => {
  expect(setOf(withoutAlg).keysFor('rs')[0]?.algorithms).toEqual(['RS256', 'PS256']);
  expect(setOf({ ...rs.jwk, alg: 'PS256' }).keysFor('rs')[0]?.algorithms).toEqual(['PS256']);
});

test('a key that may verify among other things is taken', () => {
  expect(setOf({ ...es.jwk, key_ops: ['verify', 'sign'] }).skipped).toBe(0);
});

test.each([
  ['for encryption', { ...rs.jwk, use: 'enc' }],
  ['for wrapping keys', { ...rs.jwk, key_ops: ['wrapKey'] }],
  ['of another algorithm', { ...rs.jwk, alg: 'RS512' }],
  ['of an algorithm of another kind', { ...rs.jwk, alg: 'ES256' }],
  ['with alg none', { ...rs.jwk, alg: 'none' }],
  ['symmetric', { kty: 'oct', k: 'c2VjcmV0', kid: 'x' }],
  ['private', { ...es.jwk, d: 'AAAA' }],
  ['too short', short.publicKey.export({ format: 'jwk' })],
  ['on another curve', p384.publicKey.export({ format: 'jwk' })],
  ['of another kind', ed25519.publicKey.export({ format: 'jwk' })],
  ['off the curve', { ...es.jwk, x: es.jwk['y'] }],
  ['without its numbers', { kty: 'EC', crv: 'P-256', kid: 'x' }],
  ['with a kid that is no text', { ...es.jwk, kid: { toString: 'x' } }],
  ['with a long kid', { ...es.jwk, kid: 'k'.repeat(257) }],
  ['no object', 'key'],
])('a key that is %s is skipped, and a set of it alone is refused', (_name, jwk) => {
  const set = setOf(es.jwk, jwk as object);
  expect(set.skipped).toBe(1);
  expect(set.keysFor(undefined)).toHaveLength(1);
  expect(() => setOf(jwk as object)).toThrow('holds no key');
});

test.each([
  ['no JSON', '<html>'],
  ['nothing', ''],
  ['null', 'null'],
  ['no keys', '{"keys":[]}'],
  ['keys that are no list', '{"keys":{"0":{}}}'],
  ['too many keys', JSON.stringify({ keys: Array.from({ length: 65 }, () => es.jwk) })],
])('a document that is %s is refused', (_name, text) => {
  expect(() => new JwkSet(text)).toThrow('is no JWK set');
});
