import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { Algorithm } from 'jsonwebtoken';

/** A verification key with the only algorithms it may be used for (RFC 8725 §3.1). */
export interface VerificationKey {
  readonly key: KeyObject;
  readonly algorithms: readonly Algorithm[];
}

/** The shared HS256 key. */
export const hmacKey = (secret: string): VerificationKey => ({
  key: createSecretKey(secret, 'utf8'),
  algorithms: ['HS256'],
});

/**
 * A public key from PEM text: RSA (2048 bit or more) verifies RS256 and PS256, EC P-256 verifies
 * ES256.
 * @throws Error with a sentence for the operator when it is neither, or holds a private key.
 */
export function publicKey(pem: string): VerificationKey {
  if (pem.includes('PRIVATE KEY')) throw new Error('is a private key: give the public one');
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw new Error('is not a PEM public key');
  }
  const details = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' && (details.modulusLength ?? 0) >= 2048) {
    return { key, algorithms: ['RS256', 'PS256'] };
  }
  if (key.asymmetricKeyType === 'ec' && details.namedCurve === 'prime256v1') {
    return { key, algorithms: ['ES256'] };
  }
  throw new Error('must be RSA of 2048 bit or more, or EC P-256');
}
