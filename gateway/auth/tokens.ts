import { createHash, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { GatewayError } from '../errors.ts';
import { TokenClaims } from '../protocol/grant.ts';
import type { Grant } from './grant.ts';
import type { VerificationKey } from './keys.ts';

/** Longest token that is looked at, in characters. */
const MAX_TOKEN_LENGTH = 4096;
/** Seconds that clocks may differ. */
const LEEWAY_SECONDS = 5;
/** Verified tokens remembered: a browser sends the same one with every request. */
const CACHE_SIZE = 10_000;

/** Verifies and mints tokens (RFC 7519, RFC 8725). */
export class Tokens {
  readonly #keys: readonly VerificationKey[];
  readonly #signing: VerificationKey;
  readonly #now: () => number;
  readonly #cache = new Map<string, Grant>();

  /** `signing` must be an HS256 key; `others` only verify. `now` is epoch milliseconds. */
  constructor(
    signing: VerificationKey,
    others: readonly VerificationKey[],
    now: () => number = Date.now,
  ) {
    this.#signing = signing;
    this.#keys = [signing, ...others];
    this.#now = now;
  }

  /**
   * The grant in a token.
   * @throws GatewayError `token-expired`, or `token-invalid` with one and the same sentence for
   *   every other reason.
   */
  // eslint-disable-next-line @typescript-eslint/require-await
  async verify(token: string): Promise<Grant> {
    const cacheKey = createHash('sha256').update(token).digest('base64');
    const known = this.#cache.get(cacheKey);
    if (known !== undefined) return this.#fresh(known);
    const grant = this.#verifyAnew(token);
    this.#remember(cacheKey, grant);
    return grant;
  }

  /** A signed token with these claims and a new `jti`; `exp` in epoch seconds. */
  mint(claims: TokenClaims): string {
    const { algorithms, key } = this.#signing;
    return jwt.sign({ jti: randomUUID(), ...TokenClaims.parse(claims) }, key, {
      algorithm: algorithms[0] ?? 'HS256',
    });
  }

  #fresh(grant: Grant): Grant {
    if (grant.expiresAt + LEEWAY_SECONDS * 1000 <= this.#now()) throw expired();
    return grant;
  }

  #verifyAnew(token: string): Grant {
    if (token.length > MAX_TOKEN_LENGTH) throw invalid();
    const header = headerOf(token);
    // RFC 7515 §4.1.11: a critical extension we do not know must be refused.
    if (header === undefined || 'crit' in header) throw invalid();
    const candidates = this.#keys.filter((key) =>
      (key.algorithms as readonly string[]).includes(header.alg),
    );
    for (const { key, algorithms } of candidates) {
      try {
        return toGrant(
          jwt.verify(token, key, {
            algorithms: [...algorithms],
            clockTolerance: LEEWAY_SECONDS,
            clockTimestamp: Math.floor(this.#now() / 1000),
          }),
        );
      } catch (error) {
        if (error instanceof jwt.TokenExpiredError) throw expired();
        if (error instanceof GatewayError) throw error;
      }
    }
    throw invalid();
  }

  #remember(cacheKey: string, grant: Grant): void {
    if (this.#cache.size >= CACHE_SIZE) {
      const oldest = this.#cache.keys().next();
      if (!oldest.done) this.#cache.delete(oldest.value);
    }
    this.#cache.set(cacheKey, grant);
  }
}

/** The library throws on a payload that is no JSON, and returns null for anything else. */
function headerOf(token: string): jwt.JwtHeader | undefined {
  try {
    return jwt.decode(token, { complete: true })?.header;
  } catch {
    return undefined;
  }
}

function toGrant(payload: unknown): Grant {
  const claims = TokenClaims.safeParse(payload);
  if (!claims.success) throw invalid();
  const { sub, room, sources, can, exp } = claims.data;
  return Object.freeze({ subject: sub, room, sources, can, expiresAt: exp * 1000 });
}

const invalid = (): GatewayError =>
  new GatewayError('token-invalid', 'The token is not valid. Ask for a new link or token.');

const expired = (): GatewayError =>
  new GatewayError('token-expired', 'The token has expired. Ask for a new link or token.');
