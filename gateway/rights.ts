import { join } from 'node:path';
import type { GrantOrigins } from './accounts/grant-origins.ts';
import { AdminLogin } from './auth/admin-login.ts';
import type { Grant } from './auth/grant.ts';
import { hmacKey, publicKey, type VerificationKey } from './auth/keys.ts';
import { OidcIssuer } from './auth/oidc-issuer.ts';
import { RemoteJwkSet } from './auth/remote-jwk-set.ts';
import { RevocationFile } from './auth/revocation-file.ts';
import { Revocations } from './auth/revocations.ts';
import { Tokens } from './auth/tokens.ts';
import { ConfigError, type Config } from './config/load.ts';
import type { Service } from './lifecycle.ts';
import type { Logger } from './observability/logger.ts';

/** Who may do what, and the parts of it that run. */
export interface Rights {
  readonly tokens: Tokens;
  readonly revocations: Revocations;
  readonly adminLogin: AdminLogin | undefined;
  /** Whether a grant was taken back, or ended with whom or what it comes from. */
  readonly isRevoked: (grant: Grant) => boolean;
  readonly services: readonly Service[];
}

/** @throws ConfigError when a key file holds no usable key, or the revocation list cannot be read. */
export function createRights(
  config: Config,
  { origins, log, now }: { origins: GrantOrigins; log: Logger; now: () => number },
): Rights {
  const { JWT_JWKS_URL: url } = config;
  const jwks = url === undefined ? undefined : new RemoteJwkSet({ url, log, now });
  const revocations = readRevocations(config, now);
  const isRevoked = (grant: Grant): boolean => revocations.covers(grant) || origins.hasEnded(grant);
  const oidc = oidcIssuer(config, log, now);
  const tokens = new Tokens(hmacKey(config.JWT_SECRET.reveal()), {
    publicKeys: publicKeys(config),
    jwks,
    oidc,
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    isRevoked,
    leewaySeconds: config.JWT_LEEWAY_SECONDS,
    now,
  });
  const keySets = [
    { name: 'JWK set', keys: jwks },
    { name: 'OpenID provider', keys: oidc?.keys },
  ];
  const services = keySets.flatMap(({ name, keys }): Service[] =>
    keys === undefined ? [] : [{ name, start: () => keys.start(), close: () => keys.close() }],
  );
  return { tokens, revocations, adminLogin: adminLogin(config), isRevoked, services };
}

function oidcIssuer(config: Config, log: Logger, now: () => number): OidcIssuer | undefined {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience } = config;
  if (issuer === undefined || audience === undefined) return undefined;
  const mapping = {
    nameClaim: config.OIDC_NAME_CLAIM,
    roleClaim: config.OIDC_ROLE_CLAIM,
    roles: config.OIDC_ROLES,
    roomsClaim: config.OIDC_ROOMS_CLAIM,
  };
  const leewaySeconds = config.JWT_LEEWAY_SECONDS;
  return new OidcIssuer({ issuer, audience, mapping, leewaySeconds, log, now });
}

function adminLogin({
  ADMIN_USER: user,
  ADMIN_PASSWORD: password,
}: Config): AdminLogin | undefined {
  return password === undefined ? undefined : new AdminLogin({ user, password });
}

function readRevocations({ DATA_DIR: folder }: Config, now: () => number): Revocations {
  try {
    return new Revocations(new RevocationFile(join(folder, 'revocations.json')), now);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`DATA_DIR: the revocation list cannot be read: ${why}`]);
  }
}

function publicKeys(config: Config): VerificationKey[] {
  return config.publicKeys.map((pem, index) => {
    try {
      return publicKey(pem);
    } catch (error) {
      const file = config.JWT_PUBLIC_KEY_FILES[index] ?? '';
      const why = error instanceof Error ? error.message : String(error);
      throw new ConfigError([`JWT_PUBLIC_KEY_FILES: the file "${file}" ${why}`]);
    }
  });
}
