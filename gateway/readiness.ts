import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from './config/load.ts';
import type { Service } from './lifecycle.ts';

/** Whether a gateway is to be sent requests, and whether it takes them. */
export class Readiness implements Service {
  readonly name = 'readiness';
  readonly #noticeMs: number;
  #isLeaving = false;
  #isStopping = false;

  /** Balancers learn of it before anything is refused, where there is another gateway to send requests to. */
  constructor(config: Pick<Config, 'REDIS_URL' | 'SHUTDOWN_NOTICE_MS' | 'SHUTDOWN_TIMEOUT_MS'>) {
    const { REDIS_URL, SHUTDOWN_NOTICE_MS, SHUTDOWN_TIMEOUT_MS } = config;
    const most = SHUTDOWN_TIMEOUT_MS / 2;
    this.#noticeMs = REDIS_URL === undefined ? 0 : Math.min(SHUTDOWN_NOTICE_MS, most);
  }

  /** `/readyz` says 503. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** New requests are refused. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  start(): void {
    // it is ready when all before it are
  }

  async close(): Promise<void> {
    this.#isLeaving = true;
    if (this.#noticeMs > 0) await pause(this.#noticeMs);
    this.#isStopping = true;
  }
}
