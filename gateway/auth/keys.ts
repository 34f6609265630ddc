import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { Algorithm } from 'jsonwebtoken';

/** A verification key with the only algorithms it may be used for (RFC 8725 §3.1). */
export interface VerificationKey {
  readonly key: KeyObject;
  readonly algorithms: readonly Algorithm[];
}

/** Verifying with a larger RSA key costs milliseconds. */
const RSA_BITS = { min: 2048, max: 8192 };

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
  return verificationKey(key);
}

/**
 * A public key with the algorithms of its kind.
 * @throws Error with a sentence for the operator when tokens here are not signed with such keys.
 */
export function verificationKey(key: KeyObject): VerificationKey {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  const { min, max } = RSA_BITS;
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= min && modulusLength <= max) {
    return { key, algorithms: ['RS256', 'PS256'] };
  }
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') {
    return { key, algorithms: ['ES256'] };
  }
  throw new Error(`must be RSA of ${min} to ${max} bit, or EC P-256`);
}
