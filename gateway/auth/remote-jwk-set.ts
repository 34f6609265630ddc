import type { Logger } from '../observability/logger.ts';
import { fetchText } from './fetch-text.ts';
import { JwkSet } from './jwk-set.ts';
import type { VerificationKey } from './keys.ts';

/** An unknown key id asks anew at most this often, whoever sends them; also the pause after a failure. */
const COOLDOWN_MS = 30_000;
/** Bounds of what `Cache-Control: max-age` may say, and what holds without it. */
const MAX_AGE = { min: 60_000, absent: 600_000, max: 3_600_000 };
/** A key that its issuer withdrew stays good no longer than this while the issuer is away. */
const MAX_STALE_MS = 24 * 3_600_000;

export interface RemoteJwkSetOptions {
  /** Where the keys are, or how to find that out. */
  readonly url: string | ((signal: AbortSignal) => Promise<string>);
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * The keys of another token issuer, fetched from one URL: kept as long as its `Cache-Control` says
 * (1 minute to 1 hour), and through an outage of it for a day.
 */
export class RemoteJwkSet {
  readonly #url: RemoteJwkSetOptions['url'];
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #closing = new AbortController();
  #set: JwkSet | undefined;
  #text = '';
  #fetchedAt = 0;
  #triedAt = -Infinity;
  #pending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #onChange: () => void = () => undefined;

  constructor(options: RemoteJwkSetOptions) {
    this.#url = options.url;
    this.#log = options.log;
    this.#now = options.now;
  }

  /** Begins to fetch; the issuer need not be there yet. */
  start(): void {
    void this.#refresh();
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#timer);
  }

  /** Called back whenever a key may have gone. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  /** Whether there are keys at all. */
  get known(): boolean {
    return this.#current() !== undefined;
  }

  /** The keys known now under this id; all of them for a token without one. Never waits. */
  keysFor(kid: string | undefined): readonly VerificationKey[] {
    return this.#current()?.keysFor(kid) ?? [];
  }

  /**
   * Resolves when a look for a key that was not known is over: at once while the issuer was asked
   * not long ago.
   */
  async lookFor(kid: string | undefined): Promise<void> {
    if (this.known && this.keysFor(kid).length > 0) return;
    if (this.#pending === undefined && this.#now() - this.#triedAt < COOLDOWN_MS) return;
    await this.#refresh();
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted;
  }

  #current(): JwkSet | undefined {
    if (this.#set !== undefined && this.#now() - this.#fetchedAt > MAX_STALE_MS) {
      this.#set = undefined;
      this.#text = '';
      this.#onChange();
    }
    return this.#set;
  }

  #refresh(): Promise<void> {
    this.#pending ??= this.#fetch().finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  async #fetch(): Promise<void> {
    clearTimeout(this.#timer);
    this.#triedAt = this.#now();
    let nextMs = COOLDOWN_MS;
    try {
      nextMs = await this.#load();
    } catch (error) {
      if (this.#closed) return;
      const detail = error instanceof Error ? error.message : String(error);
      this.#log.warn({ detail, known: this.known }, 'the JWK set cannot be fetched');
    }
    if (!this.#closed) this.#timer = setTimeout(() => void this.#refresh(), nextMs);
  }

  /** Resolves with the milliseconds for which what it took is fresh. */
  async #load(): Promise<number> {
    const { signal } = this.#closing;
    const url = typeof this.#url === 'string' ? this.#url : await this.#url(signal);
    const accept = 'application/jwk-set+json, application/json';
    const { text, cacheControl } = await fetchText(url, { accept, signal });
    this.#take(text);
    return maxAgeMs(cacheControl);
  }

  #take(text: string): void {
    const set = text === this.#text ? this.#set : new JwkSet(text);
    this.#fetchedAt = this.#now();
    if (set === undefined || set === this.#set) return;
    this.#set = set;
    this.#text = text;
    this.#onChange();
    this.#log.info({ skipped: set.skipped }, 'took a JWK set');
  }
}

/** RFC 9111 §5.2.2, within our bounds. */
function maxAgeMs(cacheControl: string): number {
  if (/\bno-(store|cache)\b/i.test(cacheControl)) return MAX_AGE.min;
  const seconds = /\bmax-age="?(\d{1,9})\b/i.exec(cacheControl)?.[1];
  if (seconds === undefined) return MAX_AGE.absent;
  return Math.min(Math.max(Number(seconds) * 1000, MAX_AGE.min), MAX_AGE.max);
}
