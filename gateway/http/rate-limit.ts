import { setTimeout as delay } from 'node:timers/promises';
import type { NextFunction, Request, Response } from 'express';
import type { Grant } from '../auth/grant.ts';
import { GatewayError } from '../errors.ts';
import { addressKey } from '../limits/address-key.ts';
import { LIMITS } from '../limits/limits.ts';
import type { SessionKind } from '../protocol/session-kind.ts';
import { BoundedLimiter } from './bounded-limiter.ts';
import { addressOf } from './client-address.ts';
import { KnownCredentials } from './known-credentials.ts';
import { loginCookieOf } from './login-cookie.ts';
import { OffersUnderWay } from './offers-under-way.ts';

const READS = new Set(['GET', 'HEAD']);

/** What an operator may change, all per minute. */
export interface Budgets {
  /** Writes of an address. */
  readonly requests: number;
  /** Requests of an address with a bad token or none. */
  readonly failures: number;
  readonly subjectPublishes: number;
  readonly subjectOffers: number;
  readonly roomOffers: number;
}

/** Whose budget a request draws on beside its address's. */
export interface Payer {
  readonly subject: string;
  readonly room: string;
}

/** Budgets by address, subject, room and session. Over any of them it is 429 with `Retry-After`. */
export class RateLimits {
  readonly #writes: BoundedLimiter;
  readonly #reads: BoundedLimiter;
  readonly #failures: BoundedLimiter;
  readonly #subjectOffers: Record<SessionKind, BoundedLimiter>;
  readonly #roomOffers: BoundedLimiter;
  readonly #logins = perMinute(LIMITS.loginsPerAddress);
  readonly #fragments = {
    session: fragments(LIMITS.fragmentsPerSession),
    address: fragments(LIMITS.fragmentsPerAddress),
    subject: fragments(LIMITS.fragmentsPerSubject),
    room: fragments(LIMITS.fragmentsPerRoom),
  };
  readonly #known = new KnownCredentials();
  readonly #underWay = new OffersUnderWay();
  #delayed = 0;

  constructor(budgets: Budgets) {
    this.#writes = perMinute(budgets.requests);
    this.#reads = perMinute(budgets.requests * LIMITS.readsPerWrite);
    this.#failures = perMinute(budgets.failures);
    this.#subjectOffers = {
      publish: perMinute(budgets.subjectPublishes),
      watch: perMinute(budgets.subjectOffers),
    };
    this.#roomOffers = perMinute(budgets.roomOffers);
  }

  /** Keys in all budgets together; 0 when their windows are over. */
  get size(): number {
    const { session, address, subject, room } = this.#fragments;
    const offers = [this.#subjectOffers.publish, this.#subjectOffers.watch, this.#roomOffers];
    const all = [this.#writes, this.#reads, this.#failures, this.#logins, ...offers];
    return [...all, session, address, subject, room].reduce((sum, { size }) => sum + size, 0);
  }

  /** Takes one trickle fragment from all that it draws on (X23). @throws GatewayError */
  async takeFragment(session: string, { subject, room }: Payer, req: Request): Promise<void> {
    const address = addressKey(addressOf(req));
    await this.#take(req, this.#fragments.session, session, 'for this session');
    await this.#take(req, this.#fragments.address, address, FROM_ADDRESS);
    await this.#take(req, this.#fragments.subject, subject, FROM_SUBJECT);
    await this.#take(req, this.#fragments.room, room, IN_ROOM);
  }

  /** Takes one offer from its subject and its room (X24). @throws GatewayError */
  async takeOffer(kind: SessionKind, { subject, room }: Payer, req: Request): Promise<void> {
    await this.#take(req, this.#subjectOffers[kind], subject, FROM_SUBJECT);
    await this.#take(req, this.#roomOffers, room, IN_ROOM);
  }

  /** Takes one try to log in, or to redeem an invitation, from its address. @throws GatewayError */
  async takeLogin(req: Request): Promise<void> {
    await this.#take(req, this.#logins, addressKey(addressOf(req)), FROM_ADDRESS);
  }

  /** Resolves when an offer of this address may go to a node, with what to call when it is back. */
  enterNode(req: Request): Promise<() => void> {
    return this.#underWay.enter(addressKey(addressOf(req)));
  }

  /**
   * Takes one request from the budget of its address. An address that brought too many bad tokens
   * is refused before its next one is looked at (X25); tokens that were good pass, so that an
   * attacker does not lock out who shares the address.
   */
  readonly guard = async (req: Request, res: Response, next: NextFunction): Promise<void> => {
    await this.admit(req, res, false);
    next();
  };

  /** The same where a request may bring something else than a token that is good: `isKnown`. */
  async admit(req: Request, res: Response, isKnown: boolean): Promise<void> {
    const address = addressKey(addressOf(req));
    const credential = credentialOf(req);
    if (!isKnown && (credential === undefined || !this.#known.has(credential))) {
      const waitMs = await this.#failures.waitOf(address);
      if (waitMs > 0) throw await this.#refusal(req, waitMs, FROM_ADDRESS);
    }
    await this.#take(
      req,
      READS.has(req.method) ? this.#reads : this.#writes,
      address,
      FROM_ADDRESS,
    );
    res.on('finish', () => this.#learn(address, credential, res));
  }

  /**
   * Judges a token that comes after its request, on the same budgets. @throws what `verify` does,
   * and GatewayError `rate-limited`
   */
  async judge(
    req: Request,
    token: string,
    verify: (token: string) => Promise<Grant>,
  ): Promise<Grant> {
    const address = addressKey(addressOf(req));
    const authorization = `Bearer ${token}`;
    if (!this.#known.has(authorization) && (await this.#failures.waitOf(address)) > 0) {
      throw new GatewayError('rate-limited', `Too many requests ${FROM_ADDRESS}. Slow down.`);
    }
    try {
      const grant = await verify(token);
      this.#known.add(authorization);
      return grant;
    } catch (error) {
      this.#known.delete(authorization);
      const isExpired = error instanceof GatewayError && error.code === 'token-expired';
      if (!isExpired) void this.#failures.take(address);
      throw error;
    }
  }

  /** What has expired was good: its owner may come again with the next. */
  #learn(address: string, credential: string | undefined, res: Response): void {
    if (res.statusCode < 400 && credential !== undefined) this.#known.add(credential);
    if (res.statusCode !== 401) return;
    if (credential !== undefined) this.#known.delete(credential);
    if (!EXPIRED.has(res.locals['code'])) void this.#failures.take(address);
  }

  async #take(req: Request, limiter: BoundedLimiter, key: string, whose: string): Promise<void> {
    const waitMs = await limiter.take(key);
    if (waitMs > 0) throw await this.#refusal(req, waitMs, whose);
  }

  /**
   * Comes late, so that a flood over a few connections is slow; of more than we can hold the
   * connections are closed.
   */
  async #refusal(req: Request, waitMs: number, whose: string): Promise<GatewayError> {
    // Its body is not to be held as well.
    req.resume();
    if (this.#delayed >= LIMITS.delayedRefusals) req.res?.set('Connection', 'close');
    else {
      this.#delayed += 1;
      const delayMs = LIMITS.refusalDelayMs * (0.5 + Math.random());
      await delay(Math.min(waitMs, delayMs), undefined, { ref: false });
      this.#delayed -= 1;
    }
    return new GatewayError('rate-limited', `Too many requests ${whose}. Slow down.`, {
      retryAfterSeconds: Math.ceil(waitMs / 1000),
    });
  }
}

/** Codes of 401 that say nothing bad of an address. */
const EXPIRED: ReadonlySet<unknown> = new Set(['token-expired', 'login-expired']);

/** By what a request says who it is from. */
const credentialOf = (req: Request): string | undefined =>
  req.get('authorization') ?? loginCookieOf(req);

const FROM_ADDRESS = 'from this address';
const FROM_SUBJECT = 'from this user';
const IN_ROOM = 'in this room';

const perMinute = (points: number) => new BoundedLimiter(points, LIMITS.offerWindowSeconds);
const fragments = (points: number) => new BoundedLimiter(points, LIMITS.fragmentWindowSeconds);
