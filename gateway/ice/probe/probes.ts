import type { Grant } from '../../auth/grant.ts';
import type { Logger } from '../../observability/logger.ts';
import type { IceProbeView, IceSourceName } from '../../protocol/ice-sources.ts';
import type { IceSource } from '../ice-source.ts';
import { probe, type ProbeWish } from './probe.ts';

const PROBES_AT_ONCE = 8;
/** A list that somebody else writes may be long. */
const PROBES_PER_SOURCE = 16;

export interface ProbesOptions {
  readonly sources: readonly IceSource[];
  /** 0: only when asked. */
  readonly everyMs: number;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Target extends Omit<ProbeWish, 'now' | 'closing'> {
  readonly source: IceSourceName;
}

/** What has credentials like everybody else, in the name of the gateway. */
const GRANT: Omit<Grant, 'room'> & { room: '*' } = {
  ...{ subject: 'pixelcast-probe', room: '*', sources: undefined, can: [] },
  ...{ expiresAt: Infinity, issuedAt: undefined, tokenId: undefined },
};

/** Tries every STUN and TURN server now and then, and when asked. */
export class Probes {
  readonly #options: ProbesOptions;
  readonly #closing = new AbortController();
  #results = new Map<IceSourceName, readonly IceProbeView[]>();
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ProbesOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#options.everyMs > 0) void this.#runAgain();
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#timer);
  }

  /** The latest of a source. */
  of(source: IceSourceName): readonly IceProbeView[] {
    return this.#results.get(source) ?? [];
  }

  /** Tries all of them, 5 s each at most; who comes meanwhile gets the same. */
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #runAgain(): Promise<void> {
    await this.run();
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#runAgain(), this.#options.everyMs);
  }

  async #run(): Promise<void> {
    const { sources, now } = this.#options;
    const closing = this.#closing.signal;
    await Promise.all(sources.map((source) => source.settle(GRANT)));
    const targets = sources.flatMap(targetsOf);
    const views: IceProbeView[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      for (;;) {
        const index = next++;
        const target = targets[index];
        if (target === undefined || closing.aborted) return;
        const view = await probe({ ...target, now, closing });
        this.#tell(target.source, view);
        views[index] = view;
      }
    };
    await Promise.all(Array.from({ length: PROBES_AT_ONCE }, work));
    if (closing.aborted) return;
    const of = (name: IceSourceName) => views.filter((_, index) => targets[index]?.source === name);
    this.#results = new Map(sources.map(({ name }) => [name, of(name)]));
  }

  /** A server that is unreachable, once, and when it is there again. */
  #tell(source: IceSourceName, { url, reachable, error }: IceProbeView): void {
    if (this.#closing.signal.aborted) return;
    const before = this.of(source).find((view) => view.url === url);
    if ((before?.reachable ?? true) === reachable) return;
    const { log } = this.#options;
    if (reachable) log.info({ source, url }, 'an ICE server is reachable again');
    else log.warn({ source, url, detail: error }, 'an ICE server is not reachable from here');
  }
}

const targetsOf = (source: IceSource): Target[] =>
  source
    .current(GRANT)
    .servers.flatMap(({ urls, username, credential }) =>
      urls.map((url) => ({
        ...{ source: source.name, url },
        login:
          username === undefined || credential === undefined ? undefined : { username, credential },
      })),
    )
    .slice(0, PROBES_PER_SOURCE);
