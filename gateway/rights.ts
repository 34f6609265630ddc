import { hmacKey, publicKey, type VerificationKey } from './auth/keys.ts';
import { RemoteJwkSet } from './auth/remote-jwk-set.ts';
import { Tokens } from './auth/tokens.ts';
import { ConfigError, type Config } from './config/load.ts';
import type { Service } from './lifecycle.ts';
import type { Logger } from './observability/logger.ts';

/** Who may do what, and the parts of it that run. */
export interface Rights {
  readonly tokens: Tokens;
  readonly services: readonly Service[];
}

/** @throws ConfigError when a key file holds no usable key. */
export function createRights(config: Config, log: Logger, now: () => number): Rights {
  const { JWT_JWKS_URL: url } = config;
  const jwks = url === undefined ? undefined : new RemoteJwkSet({ url, log, now });
  const tokens = new Tokens(hmacKey(config.JWT_SECRET.reveal()), {
    publicKeys: publicKeys(config),
    jwks,
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    leewaySeconds: config.JWT_LEEWAY_SECONDS,
    now,
  });
  const services: Service[] =
    jwks === undefined
      ? []
      : [{ name: 'JWK set', start: () => jwks.start(), close: () => jwks.close() }];
  return { tokens, services };
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
