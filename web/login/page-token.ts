import type { MeClient } from '../core/me.ts';
import { Observable } from '../core/observable.ts';
import { tokenLifeMs } from '../core/token-rights.ts';

/** Asked so often while the page is open, so that the login does not end for want of requests. */
const KEEP_MS = 300_000;
/** A token is renewed when this share of its life is over. */
const RENEWED_AT = 0.75;
/** After a try that failed, as without a network. */
const RETRY_MS = 15_000;

/**
 * A page's token of the account that is logged in: renewed before it runs out, so that what the page
 * opens later is opened with a good one. What is open goes on with the login.
 */
export class PageToken {
  /** The newest that was given; '' while nobody is known to be logged in. */
  readonly token = new Observable('');
  /** Whether it was tried to get one. */
  readonly isAnswered = new Observable(false);
  readonly #me: Pick<MeClient, 'read' | 'token'>;
  readonly #room: string;
  #isClosed = false;
  #renewal: Promise<boolean> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #keeper: ReturnType<typeof setInterval> | undefined;

  constructor(me: Pick<MeClient, 'read' | 'token'>, room: string) {
    this.#me = me;
    this.#room = room;
  }

  /** Asks for one and keeps it good until the returned function is called. */
  start(): () => void {
    this.#isClosed = false;
    void this.renew();
    this.#keeper = setInterval(() => void this.#me.read().catch(() => null), KEEP_MS);
    return () => {
      this.#isClosed = true;
      clearTimeout(this.#timer);
      clearInterval(this.#keeper);
    };
  }

  /** Gets another now; false: there is none to be had. Calls at once share one request. */
  renew = (): Promise<boolean> => {
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  };

  async #renew(): Promise<boolean> {
    clearTimeout(this.#timer);
    const token = await this.#ask();
    const isGood = token !== null && token !== '';
    if (isGood) this.token.set(token);
    this.isAnswered.set(true);
    if (token === '' || this.#isClosed) return false;
    const nextMs = isGood ? tokenLifeMs(token) * RENEWED_AT : RETRY_MS;
    this.#timer = setTimeout(() => void this.renew(), nextMs);
    return isGood;
  }

  /** '': nobody is logged in; null: it cannot be told now. */
  async #ask(): Promise<string | null> {
    try {
      const me = await this.#me.read();
      return me?.csrf == null ? '' : (await this.#me.token(this.#room, me.can)).token;
    } catch {
      return null;
    }
  }
}
