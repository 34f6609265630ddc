import type { Grant } from '../auth/grant.ts';
import type { Logger } from '../observability/logger.ts';
import { Holder } from './holder.ts';
import { lifetimeFor, type IceProvider } from './issued.ts';
import {
  NO_SERVERS,
  type IceList,
  type IceSource,
  type IceSourceStatus,
  type ReasonToEnd,
} from './ice-source.ts';
import { describeFailure } from './provider-failure.ts';
import { SourceHealth, type SourceHealthOptions } from './source-health.ts';

/** A crowd that comes at once asks one after the other. */
const REQUESTS_AT_ONCE = 8;
const MAX_HOLDERS = 10_000;
/** Credentials for less are worth no request. */
const LEAST_LIFE_MS = 30_000;
const REVOKE_ATTEMPTS = 5;
/** Doubles from one to the next, half of it by chance. */
const REVOKE_PAUSE_MS = 500;

export interface PersonalSourceOptions extends Omit<SourceHealthOptions, 'name'> {
  readonly provider: IceProvider;
  readonly log: Logger;
  readonly lifetimeMs: number;
}

/**
 * A provider that gives each token credentials of its own: asked when the token first comes and again
 * at half their life; taken back with the token, where the provider can.
 */
export class PersonalSource implements IceSource {
  readonly name;
  readonly #options: PersonalSourceOptions;
  readonly #health: SourceHealth;
  readonly #closing = new AbortController();
  readonly #holders = new Map<string, Holder>();
  readonly #waiting: Holder[] = [];
  #asking = 0;
  #urls: readonly string[] = [];

  constructor(options: PersonalSourceOptions) {
    this.name = options.provider.name;
    this.#options = options;
    this.#health = new SourceHealth({ ...options, name: this.name });
  }

  start(): void {
    return;
  }

  close(): void {
    this.#closing.abort();
    for (const holder of this.#waiting.splice(0)) holder.settled();
    this.#holders.clear();
  }

  current(grant: Grant): IceList {
    return this.#holders.get(keyOf(grant))?.current(this.#options.now()) ?? NO_SERVERS;
  }

  settle(grant: Grant): Promise<void> {
    const { now, lifetimeMs } = this.#options;
    const key = keyOf(grant);
    let holder = this.#holders.get(key);
    const lasting = lifetimeFor(grant, lifetimeMs, now()) >= LEAST_LIFE_MS;
    if (lasting && this.#health.mayAsk && holder?.wants(now()) !== false) {
      holder ??= this.#admit(key, grant);
      this.#waiting.push(holder.ask());
      this.#askNext();
    }
    if (holder === undefined || holder.current(now()) !== NO_SERVERS) return Promise.resolve();
    return holder.answer;
  }

  sweep(reasonToEnd: ReasonToEnd): void {
    for (const [key, holder] of this.#holders) {
      const reason = reasonToEnd(holder.grant);
      if (reason === undefined) continue;
      this.#holders.delete(key);
      if (reason === 'revoked') holder.takeBack((servers) => void this.#revoke(servers));
    }
  }

  status(): IceSourceStatus {
    const holders = this.#holders.size;
    return { ...this.#health.status(), urls: [...this.#urls], holders, expiresAt: null };
  }

  /** The oldest goes when it is full; its credentials stay good until they run out. */
  #admit(key: string, grant: Grant): Holder {
    const [oldest] = this.#holders.keys();
    if (this.#holders.size >= MAX_HOLDERS && oldest !== undefined) this.#holders.delete(oldest);
    const holder = new Holder(grant);
    this.#holders.set(key, holder);
    return holder;
  }

  #askNext(): void {
    while (this.#asking < REQUESTS_AT_ONCE) {
      const holder = this.#waiting.shift();
      if (holder === undefined) return;
      this.#asking += 1;
      void this.#ask(holder).finally(() => {
        this.#asking -= 1;
        this.#askNext();
      });
    }
  }

  async #ask(holder: Holder): Promise<void> {
    const { provider, now } = this.#options;
    const lifetimeMs = lifetimeFor(holder.grant, this.#options.lifetimeMs, now());
    try {
      if (!this.#health.mayAsk) return;
      const wish = { subject: holder.grant.subject, lifetimeMs };
      const list = await provider.issue(wish, this.#closing.signal);
      this.#health.succeeded();
      this.#urls = list.servers.flatMap(({ urls }) => urls);
      holder.take(list);
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#health.failed(error);
    } finally {
      holder.settled();
    }
  }

  async #revoke(list: IceList): Promise<void> {
    const { provider, log, random } = this.#options;
    for (let attempt = 1; attempt <= REVOKE_ATTEMPTS; attempt += 1) {
      try {
        await provider.revoke?.(list.servers, this.#closing.signal);
        return;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        log.warn(
          { source: this.name, detail: describeFailure(error) },
          'TURN credentials not taken back yet',
        );
        await this.#pause(REVOKE_PAUSE_MS * 2 ** attempt * (0.5 + random() / 2));
      }
    }
    log.error({ source: this.name }, 'TURN credentials could not be taken back; they run out');
  }

  #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), ms);
    const cut = (): void => {
      clearTimeout(timer);
      resolve(undefined);
    };
    this.#closing.signal.addEventListener('abort', cut, { once: true });
    return promise.finally(() => this.#closing.signal.removeEventListener('abort', cut));
  }
}

/** A token, not its subject alone: credentials end and are taken back with the token. */
const keyOf = ({ subject, tokenId, expiresAt, issuedAt }: Grant): string =>
  JSON.stringify([subject, tokenId ?? null, expiresAt, issuedAt ?? null]);
