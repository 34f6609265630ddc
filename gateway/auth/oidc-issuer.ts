import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { isLoopback } from '../config/loopback.ts';
import { GatewayError } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import { PrintableName } from '../protocol/grant.ts';
import { fetchText } from './fetch-text.ts';
import type { Grant } from './grant.ts';
import type { VerificationKey } from './keys.ts';
import { nameIn, rightsIn, type OidcMapping } from './oidc-claims.ts';
import { RemoteJwkSet } from './remote-jwk-set.ts';
import { expiredToken, invalidToken, keysUnavailable } from './token-failure.ts';
import { peekClaims, type TokenHeader } from './token-parts.ts';

export interface OidcOptions {
  /** As `iss` has it, to the letter. */
  readonly issuer: string;
  readonly audience: string;
  readonly mapping: OidcMapping;
  readonly leewaySeconds: number;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** OpenID Connect Discovery 1.0 §3, as far as it is read. */
const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/** Of an access token (RFC 9068 §2.1), or of a plain one. */
const TYPES = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt']);

/**
 * RFC 9068 §2.2. What marks an ID token (OpenID Connect Core §2, §3.3.2.11), a security event (RFC 8417)
 * or a token that is bound to a key (RFC 7800) is none for here; Keycloak names the kind in `typ`.
 */
const AccessClaims = z.looseObject({
  exp: z.number().int().positive(),
  iat: z.number().nonnegative(),
  sub: z.string().min(1),
  jti: PrintableName.exactOptional(),
  typ: z.literal('Bearer').exactOptional(),
  nonce: z.never().exactOptional(),
  at_hash: z.never().exactOptional(),
  c_hash: z.never().exactOptional(),
  events: z.never().exactOptional(),
  cnf: z.never().exactOptional(),
});

/** Access tokens of one OpenID provider: by its discovery document, its keys and our own rules. */
export class OidcIssuer {
  readonly keys: RemoteJwkSet;
  readonly #options: OidcOptions;

  constructor(options: OidcOptions) {
    const { log, now } = options;
    this.#options = options;
    this.keys = new RemoteJwkSet({ url: (signal) => this.#discover(signal), log, now });
  }

  /** Whether a token says that it is of this issuer; nothing of it is checked yet. */
  hasIssued(token: string): boolean {
    const claims = peekClaims(token);
    return claims !== undefined && 'iss' in claims && claims.iss === this.#options.issuer;
  }

  /**
   * The grant in an access token.
   * @throws GatewayError `token-invalid`, `token-expired`, `keys-unavailable`; `scope-insufficient`
   *   for a good token without a role or a room here
   */
  async verify(token: string, header: TokenHeader): Promise<Grant> {
    if (!TYPES.has(header.typ?.toLowerCase())) throw invalidToken();
    await this.keys.lookFor(header.kid);
    if (!this.keys.known) throw keysUnavailable();
    for (const { key, algorithms } of this.keys.keysFor(header.kid)) {
      if (!algorithms.includes(header.alg)) continue;
      const claims = this.#check(token, key, header.alg);
      if (claims !== undefined) return this.#toGrant(claims);
    }
    throw invalidToken();
  }

  #check(token: string, key: VerificationKey['key'], alg: TokenHeader['alg']): unknown {
    const { issuer, audience, leewaySeconds, now } = this.#options;
    try {
      return jwt.verify(token, key, {
        algorithms: [alg],
        issuer,
        audience,
        clockTolerance: leewaySeconds,
        clockTimestamp: Math.floor(now() / 1000),
      });
    } catch (error) {
      if (error instanceof jwt.TokenExpiredError) throw expiredToken();
      return undefined;
    }
  }

  #toGrant(payload: unknown): Grant {
    const { mapping, leewaySeconds, now } = this.#options;
    const { data: claims } = AccessClaims.safeParse(payload);
    const subject = claims === undefined ? undefined : nameIn(claims, mapping);
    if (claims === undefined || subject === undefined) throw invalidToken();
    const issuedAt = claims.iat * 1000;
    if (issuedAt > now() + leewaySeconds * 1000) throw invalidToken();
    const rights = rightsIn(claims, mapping);
    if (rights === undefined) {
      throw new GatewayError('scope-insufficient', 'Your account has no role here. Ask for one.');
    }
    const [expiresAt, tokenId] = [claims.exp * 1000, claims.jti];
    return Object.freeze({ subject, ...rights, expiresAt, issuedAt, tokenId });
  }

  /** OpenID Connect Discovery 1.0 §4. @throws Error with a sentence for the operator */
  async #discover(signal: AbortSignal): Promise<string> {
    const { issuer } = this.#options;
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const { text } = await fetchText(url, { accept: 'application/json', signal });
    const document = Discovery.safeParse(JSON.parse(text));
    if (!document.success) throw new Error('its discovery document names no JWK set');
    // §4.3: or anybody could answer for it.
    if (document.data.issuer !== issuer) throw new Error('its discovery document is of another');
    const { jwks_uri: keys } = document.data;
    const { protocol, hostname } = new URL(keys);
    if (protocol === 'https:' || isLoopback(hostname)) return keys;
    throw new Error('its JWK set must be https, or http on a loopback address');
  }
}
