import type { Grant } from '../auth/grant.ts';
import type { Issued } from './issued.ts';
import { NO_SERVERS, type IceList } from './ice-source.ts';

/** A token and the credentials that were issued for it. */
export class Holder {
  readonly grant: Grant;
  #given: Issued[] = [];
  #pending: PromiseWithResolvers<undefined> | undefined;
  #takeBack: ((list: IceList) => void) | undefined;

  constructor(grant: Grant) {
    this.grant = grant;
  }

  current(now: number): IceList {
    const last = this.#given.at(-1);
    return last !== undefined && last.expiresAt > now ? last : NO_SERVERS;
  }

  /** Whether it is time to ask: nothing is under way, and nothing is there or it is half used. */
  wants(now: number): boolean {
    const last = this.#given.at(-1);
    return this.#pending === undefined && (last === undefined || now >= last.renewAt);
  }

  /** Until `settled`. */
  ask(): this {
    this.#pending = Promise.withResolvers<undefined>();
    return this;
  }

  /** Resolves with the end of the request that is under way; at once without one. */
  get answer(): Promise<void> {
    return this.#pending?.promise ?? Promise.resolve();
  }

  take(list: Issued): void {
    if (this.#takeBack !== undefined) {
      this.#takeBack(list);
      return;
    }
    // The one before may still be in use.
    this.#given = [...this.#given.slice(-1), list];
  }

  settled(): void {
    this.#pending?.resolve(undefined);
    this.#pending = undefined;
  }

  /** Hands over all that it was given, and what is on its way. */
  takeBack(revoke: (list: IceList) => void): void {
    this.#takeBack = revoke;
    for (const list of this.#given.splice(0)) revoke(list);
  }
}
