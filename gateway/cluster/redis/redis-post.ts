import { z } from 'zod';
import type { Logger } from '../../observability/logger.ts';
import { scriptOf, type RedisLink } from '../../redis/redis-link.ts';
import { within } from '../../redis/within.ts';
import type { PeerGateway } from '../homes.ts';
import type { Post, PostStanding } from '../post.ts';
import { META, postKey } from './cluster-names.ts';
import { GIVE_BACK, HOLD } from './post-scripts.ts';

/** A gateway that says nothing for so long has the post no more. */
const LEASE_MS = 2_000;
const BEAT_MS = 500;
/** This gateway takes itself for dead so much earlier than Redis does. */
const MARGIN_MS = 200;
/** Longest wait for an answer of Redis. */
const PATIENCE_MS = 1_000;
const GIVEN_BACK_MS = 10_000;

const SCRIPTS = { hold: scriptOf(HOLD), giveBack: scriptOf(GIVE_BACK) };

const Reply = z.union([
  z.tuple([z.literal('here'), z.number()]),
  z.tuple([z.literal('there'), z.string(), z.string()]),
  z.tuple([z.literal('nobody')]),
]);

export interface RedisPostParts {
  readonly own: PeerGateway;
  readonly link: RedisLink;
  /** Of the post; undefined: not known yet, and this gateway does not have it. */
  readonly name: () => string | undefined;
  readonly isWanted: boolean;
  /** It came here, or went. */
  readonly onTurn: (isHere: boolean) => void;
  readonly log: Logger;
}

/**
 * A post by a lease in Redis. It lives for 2 s and is renewed each 0.5 s; a gateway that could not renew
 * it does not have it any more by its own clock before another can take it. What nobody has is taken after
 * 2 s without a word of anybody, for a Redis that came back empty knows nothing of who has it; what was
 * given back at once. While Redis is away nobody has it.
 */
export class RedisPost implements Post {
  readonly isWanted: boolean;
  readonly #parts: RedisPostParts;
  #name: string | undefined;
  /** In which it is here; 0: it is not. */
  #term = 0;
  #leaseUntil = -Infinity;
  #holder: PeerGateway | null | undefined;
  #nobodySince = Infinity;
  #heardAt = -Infinity;
  #beating: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: RedisPostParts) {
    this.#parts = parts;
    this.isWanted = parts.isWanted;
  }

  get standing(): PostStanding {
    if (this.#isHere) return { at: 'here' };
    if (this.#holder === undefined || performance.now() - this.#heardAt > LEASE_MS) {
      return { at: 'unknown' };
    }
    return this.#holder === null ? { at: 'nobody' } : { at: 'there', gateway: this.#holder };
  }

  start(): void {
    this.#timer = setInterval(() => void this.beat(), BEAT_MS).unref();
    void this.beat();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    const name = this.#name;
    if (this.#term === 0 || name === undefined) return;
    this.#leave();
    const args = [this.#parts.own.name, String(GIVEN_BACK_MS)];
    await this.#run('giveBack', postKey(name), args).catch(() => undefined);
  }

  /** Asks for it, or keeps it. Joined by who comes meanwhile; never rejects. */
  beat(): Promise<void> {
    this.#beating ??= this.#beat().finally(() => (this.#beating = undefined));
    return this.#beating;
  }

  get #isHere(): boolean {
    return this.#term !== 0 && performance.now() < this.#leaseUntil;
  }

  async #beat(): Promise<void> {
    const { own, link, name: nameOf, log } = this.#parts;
    const name = nameOf();
    if (name !== this.#name || (this.#term !== 0 && !this.#isHere)) this.#leave();
    this.#name = name;
    if (name === undefined || !link.isReady) {
      this.#nobodySince = Infinity;
      return;
    }
    const sentAt = performance.now();
    const isFree = sentAt - this.#nobodySince >= LEASE_MS;
    const wants = this.isWanted ? (isFree ? 'now' : 'yes') : 'no';
    const args = [own.name, own.url, String(LEASE_MS), String(this.#term), wants];
    try {
      const answer = await within(PATIENCE_MS, this.#run('hold', postKey(name), args));
      if (answer !== undefined) this.#take(Reply.parse(answer), sentAt);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log.debug({ why }, 'Redis did not do as asked');
    }
  }

  #take([standing, ...rest]: z.infer<typeof Reply>, sentAt: number): void {
    this.#heardAt = sentAt;
    if (standing !== 'nobody') this.#nobodySince = Infinity;
    if (standing === 'here') {
      this.#holder = null;
      this.#leaseUntil = sentAt + LEASE_MS - MARGIN_MS;
      const term = Number(rest[0]);
      if (term === this.#term) return;
      if (this.#term !== 0) this.#leave();
      this.#term = term;
      this.#parts.onTurn(true);
      return;
    }
    const [gateway = '', url = ''] = rest.map(String);
    this.#holder = standing === 'nobody' ? null : { name: gateway, url };
    if (standing === 'nobody') this.#nobodySince = Math.min(this.#nobodySince, sentAt);
    this.#leave();
  }

  #leave(): void {
    if (this.#term === 0) return;
    this.#term = 0;
    this.#leaseUntil = -Infinity;
    this.#parts.onTurn(false);
  }

  async #run(script: keyof typeof SCRIPTS, key: string, args: readonly string[]): Promise<unknown> {
    return await this.#parts.link.run(SCRIPTS[script], [key, META], args);
  }
}
