import type { Grant } from '../auth/grant.ts';
import type { IceSourceView } from '../protocol/ice-sources.ts';
import type { IceList, IceSource, ReasonToEnd } from './ice-source.ts';
import { merge } from './merge.ts';
import { Probes, type ProbesOptions } from './probe/probes.ts';

/** The longest that a request waits for a provider. */
const PATIENCE_MS = 400;

/** All sources of ICE servers as one. A source that fails or is slow takes nothing from the others. */
export class IceDesk {
  readonly #sources: readonly IceSource[];
  readonly #probes: Probes;

  /** The sources are in the order in which their servers are named. */
  constructor(options: ProbesOptions) {
    this.#sources = options.sources;
    this.#probes = new Probes(options);
  }

  start(): void {
    for (const source of this.#sources) source.start();
    this.#probes.start();
  }

  close(): void {
    for (const source of this.#sources) source.close();
    this.#probes.close();
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
      probes: [...this.#probes.of(source.name)],
    }));
  }

  /** Tries every server from this machine, and says how each source fares. */
  async probe(): Promise<IceSourceView[]> {
    await this.#probes.run();
    return this.views();
  }
}
