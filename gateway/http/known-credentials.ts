import { createHash } from 'node:crypto';
import { LIMITS } from '../limits/limits.ts';

/** Authorization headers that were accepted lately, as hashes; the oldest make way. */
export class KnownCredentials {
  readonly #hashes = new Set<string>();

  get size(): number {
    return this.#hashes.size;
  }

  has(authorization: string): boolean {
    return this.#hashes.has(hashOf(authorization));
  }

  add(authorization: string): void {
    const hash = hashOf(authorization);
    this.#hashes.delete(hash);
    this.#hashes.add(hash);
    const [oldest] = this.#hashes;
    if (this.#hashes.size > LIMITS.knownCredentials && oldest !== undefined) {
      this.#hashes.delete(oldest);
    }
  }

  delete(authorization: string): void {
    this.#hashes.delete(hashOf(authorization));
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');
