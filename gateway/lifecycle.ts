import type { Logger } from './observability/logger.ts';

/** One thing that starts and can be closed, twice, and says when it is done. */
export interface Service {
  readonly name: string;
  start(): Promise<void> | void;
  close(): Promise<void> | void;
}

/** Starts services in order and closes them in reverse, each with a deadline. */
export class Lifecycle {
  readonly #services: readonly Service[];
  readonly #log: Logger;
  readonly #deadlineMs: number;
  readonly #started: Service[] = [];
  #closing: Promise<void> | undefined;

  constructor(services: readonly Service[], options: { log: Logger; deadlineMs: number }) {
    this.#services = services;
    this.#log = options.log;
    this.#deadlineMs = options.deadlineMs;
  }

  /** @throws the first failure or that it was closed, after what had started is closed again. */
  async start(): Promise<void> {
    for (const service of this.#services) {
      try {
        if (this.#closing !== undefined) throw new Error('it was stopped while starting');
        this.#started.push(service);
        await service.start();
      } catch (error) {
        await this.close();
        throw error;
      }
    }
  }

  /** A second call joins the first. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (const service of this.#started.toReversed()) {
      try {
        await this.#within(service);
      } catch (error) {
        this.#log.error({ service: service.name, err: error }, 'service did not close');
      }
    }
  }

  async #within(service: Service): Promise<void> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => reject(new Error(`still open after ${this.#deadlineMs} ms`)),
      this.#deadlineMs,
    );
    try {
      await Promise.race([service.close(), promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}
