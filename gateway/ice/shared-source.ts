import type { IceProvider, Issued } from './issued.ts';
import { NO_SERVERS, type IceList, type IceSource, type IceSourceStatus } from './ice-source.ts';
import { SourceHealth, type SourceHealthOptions } from './source-health.ts';

export interface SharedSourceOptions extends Omit<SourceHealthOptions, 'name'> {
  readonly provider: IceProvider;
  readonly lifetimeMs: number;
}

/** A provider that gives everybody the same: asked ahead in the background, never by a join. */
export class SharedSource implements IceSource {
  readonly name;
  readonly #options: SharedSourceOptions;
  readonly #health: SourceHealth;
  readonly #closing = new AbortController();
  readonly #first = Promise.withResolvers<undefined>();
  #issued: Issued | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SharedSourceOptions) {
    this.name = options.provider.name;
    this.#options = options;
    this.#health = new SourceHealth({ ...options, name: this.name });
  }

  start(): void {
    void this.#refresh();
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#timer);
    this.#first.resolve(undefined);
  }

  current(): IceList {
    const { now } = this.#options;
    if (this.#issued === undefined || this.#issued.expiresAt <= now()) return NO_SERVERS;
    return this.#issued;
  }

  /** Waits for the first answer or failure alone. */
  settle(): Promise<void> {
    return this.#first.promise;
  }

  /** Its credentials are everybody's. */
  sweep(): void {
    return;
  }

  status(): IceSourceStatus {
    const { servers, expiresAt } = this.current();
    const urls = servers.flatMap((server) => server.urls);
    const end = Number.isFinite(expiresAt) ? expiresAt : null;
    return { ...this.#health.status(), urls, holders: null, expiresAt: end };
  }

  async #refresh(): Promise<void> {
    const { provider, lifetimeMs, now } = this.#options;
    let nextMs: number;
    try {
      const wish = { subject: 'everybody', lifetimeMs };
      this.#issued = await provider.issue(wish, this.#closing.signal);
      this.#health.succeeded();
      nextMs = this.#issued.renewAt - now();
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      nextMs = this.#health.failed(error);
    }
    this.#first.resolve(undefined);
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#refresh(), Math.max(nextMs, 0));
  }
}
