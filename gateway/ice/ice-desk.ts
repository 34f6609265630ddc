import type { Grant } from '../auth/grant.ts';
import type { IceSourceView } from '../protocol/ice-sources.ts';
import type { IceList, IceSource, ReasonToEnd } from './ice-source.ts';
import { merge } from './merge.ts';

/** The longest that a request waits for a provider. */
const PATIENCE_MS = 400;

/** All sources of ICE servers as one. A source that fails or is slow takes nothing from the others. */
export class IceDesk {
  readonly #sources: readonly IceSource[];

  /** In the order in which their servers are named. */
  constructor(sources: readonly IceSource[]) {
    this.#sources = sources;
  }

  start(): void {
    for (const source of this.#sources) source.start();
  }

  close(): void {
    for (const source of this.#sources) source.close();
  }

  /** Begins to ask for what is missing, for who will soon need it. */
  prepare(grant: Grant): void {
    for (const source of this.#sources) void source.settle(grant);
  }

  /** What there is for a grant at this moment. */
  current(grant: Grant): IceList {
    return merge(this.#sources.map((source) => source.current(grant)));
  }

  /** The same, after at most 400 ms for providers that have not answered yet. */
  async collect(grant: Grant): Promise<IceList> {
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => late.resolve(undefined), PATIENCE_MS);
    const settled = Promise.all(this.#sources.map((source) => source.settle(grant)));
    await Promise.race([settled, late.promise]);
    clearTimeout(timer);
    return this.current(grant);
  }

  /** Takes back what was issued for grants that have no right any more. */
  sweep(reasonToEnd: ReasonToEnd): void {
    for (const source of this.#sources) source.sweep(reasonToEnd);
  }

  /** How each source fares. */
  views(): IceSourceView[] {
    return this.#sources.map((source) => ({
      source: source.name,
      ...source.status(),
      probes: [],
    }));
  }
}
