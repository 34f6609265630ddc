import { join } from 'node:path';
import { AdminLogin } from './auth/admin-login.ts';
import { hmacKey, publicKey, type VerificationKey } from './auth/keys.ts';
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
  readonly services: readonly Service[];
}

/** @throws ConfigError when a key file holds no usable key, or the revocation list cannot be read. */
export function createRights(config: Config, log: Logger, now: () => number): Rights {
  const { JWT_JWKS_URL: url } = config;
  const jwks = url === undefined ? undefined : new RemoteJwkSet({ url, log, now });
  const revocations = readRevocations(config, now);
  const tokens = new Tokens(hmacKey(config.JWT_SECRET.reveal()), {
    publicKeys: publicKeys(config),
    jwks,
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    isRevoked: (grant) => revocations.covers(grant),
    leewaySeconds: config.JWT_LEEWAY_SECONDS,
    now,
  });
  const services: Service[] =
    jwks === undefined
      ? []
      : [{ name: 'JWK set', start: () => jwks.start(), close: () => jwks.close() }];
  return { tokens, revocations, adminLogin: adminLogin(config), services };
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
