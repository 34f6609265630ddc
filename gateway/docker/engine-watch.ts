import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../observability/logger.ts';
import type { Container, ContainerEngine, EngineEvent, EngineIdentity } from './engine.ts';

const LOOK_MS = 5_000;
/** Of one restart come four events. */
const SOON_MS = 100;
const BACK_OFF_MS = { first: 500, longest: 15_000 };

/** How an engine stands, and what it has of ours. */
export interface EngineStanding {
  readonly isUp: boolean;
  readonly detail: string;
  readonly identity: EngineIdentity | null;
  /** As it was last seen: also while the engine is away. */
  readonly containers: readonly Container[];
}

/** Who hears of an engine. */
export interface EngineObserver {
  /** It answered; the containers may be the same as before. */
  looked(containers: readonly Container[]): void;
  happened(event: EngineEvent): void;
  /** It answers, for the first time or again, or does so no more. */
  turned(standing: EngineStanding): void;
}

/** Looks every 5 s at what an engine has of ours, and at once when it tells that something happened. */
export class EngineWatch {
  readonly #engine: ContainerEngine;
  readonly #observer: EngineObserver;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  #standing: EngineStanding = {
    ...{ isUp: false, detail: 'Not asked yet.', identity: null, containers: [] },
  };
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #listening: Promise<void> | undefined;

  constructor(deps: {
    readonly engine: ContainerEngine;
    readonly observer: EngineObserver;
    readonly log: Logger;
  }) {
    this.#engine = deps.engine;
    this.#observer = deps.observer;
    this.#log = deps.log;
  }

  get standing(): EngineStanding {
    return this.#standing;
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_MS);
    void this.look();
    this.#listening = this.#listen();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    await this.#listening;
    await this.#looking;
  }

  /** Looks now; joins a look that is under way. Never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  /** A look that began after this call. */
  async lookAnew(): Promise<void> {
    await this.#looking;
    await this.look();
  }

  async #look(): Promise<void> {
    const was = this.#standing;
    try {
      const identity = (was.isUp ? was.identity : null) ?? (await this.#engine.identify());
      const containers = await this.#engine.list();
      if (this.#closing.signal.aborted) return;
      this.#standing = { isUp: true, detail: 'Ready.', identity, containers };
      if (!was.isUp) {
        this.#log.info({ version: identity.version }, 'docker engine ready');
        this.#observer.turned(this.#standing);
      }
      this.#observer.looked(containers);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      const detail = error instanceof Error ? error.message : String(error);
      this.#standing = { ...was, isUp: false, detail };
      if (!was.isUp && was.detail === detail) return;
      this.#log.warn({ why: detail }, 'docker engine does not answer');
      this.#observer.turned(this.#standing);
    }
  }

  async #listen(): Promise<void> {
    const { signal } = this.#closing;
    let pause = BACK_OFF_MS.first;
    while (!signal.aborted) {
      try {
        for await (const event of this.#engine.events(signal)) {
          pause = BACK_OFF_MS.first;
          this.#observer.happened(event);
          this.#soon ??= setTimeout(() => {
            this.#soon = undefined;
            void this.lookAnew();
          }, SOON_MS);
        }
      } catch (error) {
        this.#log.debug({ err: error }, 'docker engine tells no events');
      }
      await wait(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, BACK_OFF_MS.longest);
    }
  }
}
