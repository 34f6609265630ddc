import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { verificationKey, type VerificationKey } from './keys.ts';

/** Longest key id that is looked up, in characters. */
const MAX_KID_LENGTH = 256;
const MAX_KEYS = 64;

/** RFC 7517 §5; members that are not needed to verify are dropped. */
const Document = z.object({ keys: z.array(z.unknown()).min(1).max(MAX_KEYS) });

/** A public signature key (RFC 7517 §4); what has a private part or is symmetric is none. */
const Jwk = z.object({
  kty: z.enum(['RSA', 'EC']),
  kid: z.string().min(1).max(MAX_KID_LENGTH).exactOptional(),
  use: z.literal('sig').exactOptional(),
  key_ops: z.array(z.string()).refine(includesVerify).exactOptional(),
  alg: z.enum(['RS256', 'PS256', 'ES256']).exactOptional(),
  d: z.never().exactOptional(),
  n: z.string().exactOptional(),
  e: z.string().exactOptional(),
  crv: z.string().exactOptional(),
  x: z.string().exactOptional(),
  y: z.string().exactOptional(),
});

/** The usable keys of a JSON Web Key Set, found by their `kid`. */
export class JwkSet {
  readonly #all: VerificationKey[] = [];
  readonly #byKid = new Map<string, VerificationKey[]>();
  /** Keys of the document that cannot verify tokens here. */
  readonly skipped: number;

  /** @throws Error with a sentence for the operator when there is no usable key in it. */
  constructor(text: string) {
    const document = Document.safeParse(parseJson(text));
    if (!document.success) throw new Error(`is no JWK set of 1 to ${MAX_KEYS} keys`);
    for (const member of document.data.keys) this.#add(member);
    this.skipped = document.data.keys.length - this.#all.length;
    if (this.#all.length === 0) throw new Error('holds no key that can verify tokens here');
  }

  /** The keys with this id, which may be several; for a token that names none, all of them. */
  keysFor(kid: string | undefined): readonly VerificationKey[] {
    return kid === undefined ? this.#all : (this.#byKid.get(kid) ?? []);
  }

  #add(member: unknown): void {
    const jwk = Jwk.safeParse(member);
    const key = jwk.success ? toKey(jwk.data) : undefined;
    if (key === undefined) return;
    this.#all.push(key);
    const kid = jwk.data?.kid;
    if (kid !== undefined) this.#byKid.set(kid, [...this.keysFor(kid), key]);
  }
}

function toKey({ kid: _, ...jwk }: z.infer<typeof Jwk>): VerificationKey | undefined {
  try {
    const { key, algorithms } = verificationKey(createPublicKey({ key: jwk, format: 'jwk' }));
    const allowed = algorithms.filter((name) => (jwk.alg ?? name) === name);
    return allowed.length === 0 ? undefined : { key, algorithms: allowed };
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function includesVerify(operations: readonly string[]): boolean {
  return operations.includes('verify');
}
