import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { HashQueue } from './hash-queue.ts';
import { formatHash, isSameCost, parseHash, type HashCost } from './password-hash.ts';

/** 32 MiB for some 0.2 s (OWASP, Password Storage: N=2^15, r=8, p=3). */
export const HASH_COST: HashCost = { ln: 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** What a password is worth against a stored hash. */
export interface Verdict {
  readonly isRight: boolean;
  /** It is right, and its hash is to be made anew at today's cost. */
  readonly isStale: boolean;
}

/** Makes and checks hashes of passwords, in the thread pool: the event loop goes on meanwhile. */
export class Passwords {
  readonly #cost: HashCost;
  readonly #queue = new HashQueue();
  /** Stands for the hash of who has no account: nothing is right for it, at the same cost. */
  readonly #nobody: string;

  constructor(cost: HashCost = HASH_COST) {
    this.#cost = cost;
    const [salt, hash] = [randomBytes(SALT_BYTES), randomBytes(HASH_BYTES)];
    this.#nobody = formatHash({ ...cost, salt, hash });
  }

  /** Checks that run or wait. */
  get size(): number {
    return this.#queue.size;
  }

  /** A hash to keep. @throws GatewayError `capacity` */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await this.#derive(password, salt, this.#cost);
    return formatHash({ ...this.#cost, salt, hash });
  }

  /** `stored` is undefined where there is no account; it takes as long. @throws GatewayError `capacity` */
  async verify(password: string, stored: string | undefined): Promise<Verdict> {
    const { salt, hash, ...cost } = parseHash(stored ?? this.#nobody);
    const derived = await this.#derive(password, salt, cost);
    const isRight = timingSafeEqual(derived, hash) && stored !== undefined;
    return { isRight, isStale: isRight && !isSameCost(cost, this.#cost) };
  }

  /** NFKC, so that a password is the same from every keyboard (NIST SP 800-63B §5.1.1.2). */
  #derive(password: string, salt: Buffer, { ln, r, p }: HashCost): Promise<Buffer> {
    const N = 2 ** ln;
    const options = { N, r, p, maxmem: 256 * N * r };
    return this.#queue.run(
      () =>
        new Promise((resolve, reject) => {
          scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) => {
            if (error === null) resolve(key);
            else reject(error);
          });
        }),
    );
  }
}
