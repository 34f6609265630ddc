import { isIP } from 'node:net';
import type { NextFunction, Request, Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { GatewayError } from '../errors.ts';

const WINDOW_SECONDS = 60;
const READS = new Set(['GET', 'HEAD']);

/** Pages ask for the state of a room every 2 s, and many may share one address. */
const READS_PER_REQUEST = 20;

/** A client sends up to 11 fragments at once (WI-56); a restart of its network brings as many anew. */
const FRAGMENTS = { points: 120, duration: 10 };

/** Budgets per client address: writes, reads (20 times as many), requests with a bad token. */
export class RateLimits {
  readonly #writes: RateLimiterMemory;
  readonly #reads: RateLimiterMemory;
  readonly #failures: RateLimiterMemory;
  readonly #fragments = new RateLimiterMemory(FRAGMENTS);

  constructor(perMinute: { readonly requests: number; readonly failures: number }) {
    const limiter = (points: number) => new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
    this.#writes = limiter(perMinute.requests);
    this.#reads = limiter(perMinute.requests * READS_PER_REQUEST);
    this.#failures = limiter(perMinute.failures);
  }

  /** Takes one trickle fragment from the budget of its session (X23). @throws GatewayError */
  async takeFragment(session: string): Promise<void> {
    await consume(this.#fragments, session);
  }

  /** Takes one request from the budget of its address; over it, 429 with `Retry-After`. */
  readonly guard = async (req: Request, res: Response, next: NextFunction): Promise<void> => {
    const address = addressOf(req);
    const failed = await this.#failures.get(address);
    if (failed !== null && failed.remainingPoints <= 0) throw tooMany(failed);
    await consume(READS.has(req.method) ? this.#reads : this.#writes, address);
    res.on('finish', () => {
      if (res.statusCode === 401) void consume(this.#failures, address).catch(() => undefined);
    });
    next();
  };
}

/** The client's address as far as the configured proxies are trusted; never any other text. */
export function addressOf(req: Request): string {
  const told = req.ip ?? '';
  const address = isIP(told) === 0 ? (req.socket.remoteAddress ?? '') : told;
  return address.replace(/^::ffff:/, '');
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (reason) {
    if (reason instanceof RateLimiterRes) throw tooMany(reason);
    throw reason;
  }
}

const tooMany = (state: RateLimiterRes): GatewayError =>
  new GatewayError('rate-limited', 'Too many requests from this address. Slow down.', {
    retryAfterSeconds: Math.max(1, Math.ceil(state.msBeforeNext / 1000)),
  });
