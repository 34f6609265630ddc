import { createHash, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { GatewayError } from '../errors.ts';
import { TokenClaims } from '../protocol/grant.ts';
import type { Grant } from './grant.ts';
import type { VerificationKey } from './keys.ts';
import type { OidcIssuer } from './oidc-issuer.ts';
import type { RemoteJwkSet } from './remote-jwk-set.ts';
import { expiredToken, invalidToken, keysUnavailable, revokedToken } from './token-failure.ts';
import { readHeader, type TokenHeader } from './token-parts.ts';

/** Longest token that is looked at, in characters. */
const MAX_TOKEN_LENGTH = 4096;
const DEFAULT_LEEWAY_SECONDS = 5;
/** Verified tokens remembered: a browser sends the same one with every request. */
const CACHE_SIZE = 10_000;

/** Who else may issue tokens, and what theirs must say. */
export interface TokenRules {
  /** Keys that only verify. */
  readonly publicKeys?: readonly VerificationKey[];
  readonly jwks?: RemoteJwkSet | undefined;
  /** Who says in other words what somebody may do. */
  readonly oidc?: OidcIssuer | undefined;
  /** `iss` and `aud` of tokens that are not signed with our own key. */
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  /** Whether a grant was taken back. */
  readonly isRevoked?: (grant: Grant) => boolean;
  /** Seconds that clocks may differ. */
  readonly leewaySeconds?: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
}

/** Verifies and mints tokens (RFC 7519, RFC 8725). */
export class Tokens {
  readonly #signing: VerificationKey;
  readonly #rules: TokenRules;
  readonly #now: () => number;
  readonly #leewaySeconds: number;
  readonly #cache = new Map<string, Grant>();

  /** `signing` must be an HS256 key. */
  constructor(signing: VerificationKey, rules: TokenRules = {}) {
    this.#signing = signing;
    this.#rules = rules;
    this.#now = rules.now ?? Date.now;
    this.#leewaySeconds = rules.leewaySeconds ?? DEFAULT_LEEWAY_SECONDS;
    rules.jwks?.onChange(() => this.#cache.clear());
    rules.oidc?.keys.onChange(() => this.#cache.clear());
  }

  /**
   * The grant in a token. Waits only for a key that nobody here knows yet.
   * @throws GatewayError `token-expired`, `token-revoked`, `keys-unavailable`, or `token-invalid`
   *   with one and the same sentence for every other reason.
   */
  async verify(token: string): Promise<Grant> {
    if (token.length > MAX_TOKEN_LENGTH) throw invalidToken();
    const cacheKey = createHash('sha256').update(token).digest('base64');
    const grant = this.#cache.get(cacheKey) ?? (await this.#verifyAnew(token, cacheKey));
    if (grant.expiresAt + this.#leewaySeconds * 1000 <= this.#now()) throw expiredToken();
    if (this.#rules.isRevoked?.(grant) === true) throw revokedToken();
    return grant;
  }

  /** A signed token with these claims, a new `jti` and its `iat`; `exp` in epoch seconds. */
  mint(claims: TokenClaims): string {
    const iat = Math.floor(this.#now() / 1000);
    const payload = { jti: randomUUID(), iat, ...TokenClaims.parse(claims) };
    return jwt.sign(payload, this.#signing.key, { algorithm: 'HS256' });
  }

  async #verifyAnew(token: string, cacheKey: string): Promise<Grant> {
    const header = readHeader(token);
    if (header === undefined) throw invalidToken();
    const { jwks, oidc } = this.#rules;
    if (header.alg !== 'HS256' && oidc?.hasIssued(token) === true) {
      const grant = await oidc.verify(token, header);
      this.#remember(cacheKey, grant);
      return grant;
    }
    let grant = this.#tryKeys(token, header);
    if (grant === undefined && jwks !== undefined && header.alg !== 'HS256') {
      await jwks.lookFor(header.kid);
      if (!jwks.known) throw keysUnavailable();
      grant = this.#tryKeys(token, header);
    }
    if (grant === undefined) throw invalidToken();
    this.#remember(cacheKey, grant);
    return grant;
  }

  /** Never waits, so that a key which went meanwhile is not used any more. */
  #tryKeys(token: string, { alg, kid }: TokenHeader): Grant | undefined {
    const { publicKeys = [], jwks } = this.#rules;
    const keys = alg === 'HS256' ? [this.#signing] : [...publicKeys, ...(jwks?.keysFor(kid) ?? [])];
    for (const { key, algorithms } of keys) {
      if (!algorithms.includes(alg)) continue;
      try {
        return this.#toGrant(jwt.verify(token, key, this.#options(alg)));
      } catch (error) {
        if (error instanceof jwt.TokenExpiredError) throw expiredToken();
        if (error instanceof GatewayError) throw error;
      }
    }
    return undefined;
  }

  #options(alg: TokenHeader['alg']): jwt.VerifyOptions {
    const { issuer, audience } = alg === 'HS256' ? {} : this.#rules;
    return {
      algorithms: [alg],
      clockTolerance: this.#leewaySeconds,
      clockTimestamp: Math.floor(this.#now() / 1000),
      ...(issuer === undefined ? {} : { issuer }),
      ...(audience === undefined ? {} : { audience }),
    };
  }

  #toGrant(payload: unknown): Grant {
    const claims = TokenClaims.safeParse(payload);
    if (!claims.success) throw invalidToken();
    const { sub, room, sources, can, exp, iat, jti, pixelcast: origin } = claims.data;
    const issuedAt = iat === undefined ? undefined : iat * 1000;
    if ((issuedAt ?? 0) > this.#now() + this.#leewaySeconds * 1000) throw invalidToken();
    return Object.freeze({
      subject: sub,
      room,
      sources,
      can,
      expiresAt: exp * 1000,
      issuedAt,
      tokenId: jti,
      ...(origin === undefined ? {} : { origin }),
    });
  }

  #remember(cacheKey: string, grant: Grant): void {
    if (this.#cache.size >= CACHE_SIZE) {
      const oldest = this.#cache.keys().next();
      if (!oldest.done) this.#cache.delete(oldest.value);
    }
    this.#cache.set(cacheKey, grant);
  }
}
