import { createHash } from 'node:crypto';
import { createClient } from 'redis';
import type { Logger } from '../../observability/logger.ts';

export interface RedisLinkParts {
  readonly url: string;
  /** The one pattern that is listened to. */
  readonly pattern: string;
  readonly onMessage: (text: string, channel: string) => void;
  /** Both connections stand, for the first time or again. */
  readonly onReady: () => void;
  readonly log: Logger;
}

/** Who answers nothing for so long is taken for gone. */
const SILENT_MS = 6_000;
const PING_MS = 2_000;
const BACKOFF_MS = { least: 100, most: 2_000 };
/** Commands that wait for an answer; more are refused. */
const MOST_WAITING = 10_000;

/**
 * Two connections to a Redis, one for commands and one that listens. They come again by themselves;
 * meanwhile every command is refused at once. Says once that Redis is away, and once that it is back.
 */
export class RedisLink {
  readonly #parts: RedisLinkParts;
  readonly #commands;
  readonly #ears;
  #listens = false;
  #wasReady: boolean | undefined;
  #closed = false;

  constructor(parts: RedisLinkParts) {
    this.#parts = parts;
    this.#commands = createClient({
      url: parts.url,
      disableOfflineQueue: true,
      commandsQueueMaxLength: MOST_WAITING,
      pingInterval: PING_MS,
      maintNotifications: 'disabled',
      socket: {
        connectTimeout: SILENT_MS,
        socketTimeout: SILENT_MS,
        reconnectStrategy: (retries) => backoffMs(retries),
      },
    });
    this.#ears = this.#commands.duplicate({ disableOfflineQueue: false });
    for (const client of [this.#commands, this.#ears]) {
      client.on('error', (error: unknown) => this.#note(error));
      client.on('ready', () => this.#note());
      client.on('reconnecting', () => this.#note());
    }
  }

  get isReady(): boolean {
    return this.#listens && this.#commands.isReady && this.#ears.isReady;
  }

  /** Begins to connect; nothing waits for it. */
  start(): void {
    void this.#connect();
  }

  /** Runs a script on one key. @throws when Redis is away or refuses */
  async run(script: Script, key: string, args: readonly string[]): Promise<unknown> {
    const rest = ['1', key, ...args];
    try {
      return await this.#commands.sendCommand(['EVALSHA', script.sha, ...rest]);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await this.#commands.sendCommand(['EVAL', script.text, ...rest]);
    }
  }

  /** How many heard it. @throws when Redis is away */
  async publish(channel: string, text: string): Promise<number> {
    return await this.#commands.publish(channel, text);
  }

  /** @throws when Redis is away */
  async keep(key: string, lifeMs: number): Promise<void> {
    await this.#commands.set(key, '1', { expiration: { type: 'PX', value: lifeMs } });
  }

  /** @throws when Redis is away */
  async forget(key: string): Promise<void> {
    await this.#commands.del(key);
  }

  close(): void {
    this.#closed = true;
    for (const client of [this.#commands, this.#ears]) if (client.isOpen) client.destroy();
  }

  async #connect(): Promise<void> {
    try {
      await Promise.all([this.#commands.connect(), this.#ears.connect()]);
      await this.#ears.pSubscribe(this.#parts.pattern, this.#parts.onMessage);
      this.#listens = true;
      this.#note();
    } catch (error) {
      this.#note(error);
    }
  }

  #note(error?: unknown): void {
    const { isReady } = this;
    if (this.#closed || isReady === this.#wasReady) return;
    const { log, onReady } = this.#parts;
    if (isReady) {
      this.#wasReady = true;
      log.info('Redis is connected: peers of all gateways find each other');
      onReady();
    } else if (this.#wasReady === true || error !== undefined) {
      this.#wasReady = false;
      const why = error instanceof Error ? { why: error.message || error.name } : {};
      log.warn(why, 'Redis is away: only peers of this gateway find each other; trying again');
    }
  }
}

/** A script, and the name that Redis knows it by. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

export const scriptOf = (text: string): Script => ({
  text,
  sha: createHash('sha1').update(text).digest('hex'),
});

/** Half to one and a half times this, doubled each time. */
function backoffMs(retries: number): number {
  const { least, most } = BACKOFF_MS;
  return Math.min(most, least * 2 ** Math.min(retries, 10)) * (0.5 + Math.random());
}
