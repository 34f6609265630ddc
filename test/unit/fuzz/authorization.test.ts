import type { Request } from 'express';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hmacKey } from '../../../gateway/auth/keys.ts';
import { Tokens } from '../../../gateway/auth/tokens.ts';
import { GatewayError } from '../../../gateway/errors.ts';
import { bearerOf } from '../../../gateway/http/bearer.ts';
import { runs } from '../../support/fuzz/runs.ts';
import { aForgedToken, aToken, JWT_SECRET } from '../../support/gateway/a-token.ts';
import { unlessRefused } from '../../support/sdp/refusal.ts';

const request = (headers: readonly string[], query: object = {}): Request =>
  ({ headersDistinct: { authorization: headers }, query }) as unknown as Request;

/** RFC 6750 §2.1, b64token. */
const bearers = fc.stringMatching(/^[A-Za-z0-9._~+/-]{1,40}={0,2}$/);

/** The code of a refusal, `granted`, or any other error thrown on. */
async function outcomeOf(token: string): Promise<string> {
  try {
    await new Tokens(hmacKey(JWT_SECRET)).verify(token);
    return 'granted';
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
}

describe('Authorization', () => {
  test('[WHIP-69] gives its token in any case of the scheme, with any blanks', () => {
    const scheme = fc.constantFrom('Bearer', 'bearer', 'BEARER', 'bEaReR');
    fc.assert(
      fc.property(scheme, fc.nat(20), fc.nat(20), bearers, (word, before, after, token) => {
        const value = `${word}${' '.repeat(before + 1)}${token}${' '.repeat(after)}`;
        expect(bearerOf(request([value]))).toBe(token);
      }),
      runs(300),
    );
  });

  test('[HOSTILE-14] of any text is a plain token or a refusal', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 100 }),
      fc.string({ maxLength: 60 }).map((text) => `Bearer ${text}`),
      bearers.map((token) => `Bearer Bearer ${token}`),
      fc.nat(300).map((count) => `Bearer${' '.repeat(count)}`),
    );
    const queries = fc.oneof(
      fc.constant({}),
      fc.record({ token: fc.oneof(bearers, fc.array(bearers), fc.string()) }),
    );
    fc.assert(
      fc.property(
        fc.array(texts, { maxLength: 2 }),
        queries,
        fc.boolean(),
        (all, query, inQuery) => {
          const token = unlessRefused(() => bearerOf(request(all, query), { inQuery }));
          if (token !== undefined) expect(token).toMatch(/^[A-Za-z0-9._~+/-]+=*$/);
        },
      ),
      runs(300),
    );
  });
});

describe('a token', () => {
  const good = aToken();
  const claims = { sub: 'anna', room: 'demo', can: ['admin'], exp: 4_000_000_000 };

  test('[HOSTILE-14] with any character changed is refused', async () => {
    const character = fc.stringMatching(/^[A-Za-z0-9_.=+\s/-]?$/);
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length), fc.nat(2), character, async (at, length, piece) => {
        const changed = good.slice(0, at) + piece + good.slice(at + length);
        fc.pre(changed !== good);
        expect(await outcomeOf(changed)).toBe('token-invalid');
      }),
      runs(300),
    );
  });

  test('[HOSTILE-14] of any header that another key signed is refused', async () => {
    const headers = fc.oneof(
      fc.record({
        alg: fc.constantFrom('none', 'NoNe', 'HS256', 'HS384', 'RS256', 'ES256', '', null, [
          'HS256',
        ]),
        typ: fc.constantFrom('JWT', 'jwt', undefined),
        kid: fc.oneof(fc.constantFrom('__proto__', '../../etc/passwd', 'x\0'), fc.string()),
      }),
      fc.object(),
      fc.json(),
    );
    await fc.assert(
      fc.asyncProperty(headers, fc.string({ minLength: 1 }), async (header, key) => {
        const token = aForgedToken(header, claims, `${key}not ours`);
        expect(await outcomeOf(token)).toBe('token-invalid');
        const [head, body] = token.split('.');
        expect(await outcomeOf(`${head ?? ''}.${body ?? ''}.`)).toBe('token-invalid');
      }),
      runs(200),
    );
  });

  test('[HOSTILE-16] [HOSTILE-17] with claims of any kind grants what they say or nothing', async () => {
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(
        '*',
        '',
        'demo',
        'demo/../x',
        ['demo'],
        1e308,
        -1,
        4_000_000_000.5,
        '4000000000',
      ),
    );
    const names = fc.constantFrom('sub', 'room', 'sources', 'can', 'exp', 'iat', 'nbf', 'jti');
    const changed = fc.dictionary(names, values, { minKeys: 1, maxKeys: 3 });
    await fc.assert(
      fc.asyncProperty(changed, async (changes) => {
        const given: Record<string, unknown> = { ...claims, ...changes };
        const token = aForgedToken({ alg: 'HS256', typ: 'JWT' }, given);
        const grant = await new Tokens(hmacKey(JWT_SECRET))
          .verify(token)
          .catch((error: unknown) => {
            if (error instanceof GatewayError) return undefined;
            throw error;
          });
        if (grant === undefined) return;
        expect(grant.room).toBe(given['room']);
        expect(grant.can).toEqual(given['can']);
        expect(grant.sources).toEqual(given['sources']);
        expect(Number.isSafeInteger(given['exp'])).toBe(true);
      }),
      runs(300),
    );
  });
});
