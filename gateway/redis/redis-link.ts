import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'redis';
import type { Logger } from '../observability/logger.ts';
import { masterUrl, readSentinels, type Sentinels } from './sentinel.ts';

export interface RedisLinkParts {
  readonly url: string;
  /** The one pattern that is listened to. */
  readonly pattern: string;
  readonly onMessage: (text: string, channel: string) => void;
  /** Both connections stand, for the first time or again. */
  readonly onReady: () => void;
  /** What follows when Redis is there, and when it is away; for the log. */
  readonly meaning: { readonly there: string; readonly away: string };
  /** Longest pause between two attempts to connect, in milliseconds; 2000 unless told. */
  readonly mostPauseMs?: number;
  readonly log: Logger;
}

/** Who answers nothing for so long is taken for gone. */
const SILENT_MS = 6_000;
const PING_MS = 2_000;
const LEAST_PAUSE_MS = 100;
const MOST_PAUSE_MS = 2_000;
/** Until a sentinel was asked. */
const NOWHERE = 'redis://127.0.0.1:1';
/** Commands that wait for an answer; more are refused. */
const MOST_WAITING = 10_000;

/**
 * Two connections to a Redis, one for commands and one that listens. They come again by themselves;
 * meanwhile every command is refused at once. With sentinels they go to whichever Redis is the master. Says once that Redis is away, and once that it is back.
 */
export class RedisLink {
  readonly #parts: RedisLinkParts;
  readonly #sentinels: Sentinels | undefined;
  #clients: Clients;
  #listens = false;
  #wasReady: boolean | undefined;
  #reached = 0;
  #closed = false;

  constructor(parts: RedisLinkParts) {
    this.#parts = parts;
    this.#sentinels = readSentinels(parts.url);
    this.#clients = this.#open(this.#sentinels === undefined ? parts.url : NOWHERE);
  }

  get isReady(): boolean {
    return this.#listens && this.#clients.commands.isReady && this.#clients.ears.isReady;
  }

  /** How many times it became ready: what is behind it may know nothing each time. */
  get reached(): number {
    return this.#reached;
  }

  /** Begins to connect; nothing waits for it. */
  start(): void {
    void (this.#sentinels === undefined ? this.#connect() : this.#follow(this.#sentinels));
  }

  /** Runs a script on keys of one slot. @throws when Redis is away or refuses */
  async run(
    script: Script,
    keys: string | readonly string[],
    args: readonly string[],
  ): Promise<unknown> {
    const all = typeof keys === 'string' ? [keys] : keys;
    const rest = [String(all.length), ...all, ...args];
    try {
      return await this.#clients.commands.sendCommand(['EVALSHA', script.sha, ...rest]);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return await this.#clients.commands.sendCommand(['EVAL', script.text, ...rest]);
    }
  }

  /** How many heard it. @throws when Redis is away */
  async publish(channel: string, text: string): Promise<number> {
    return await this.#clients.commands.publish(channel, text);
  }

  /** @throws when Redis is away */
  async keep(key: string, lifeMs: number): Promise<void> {
    await this.#clients.commands.set(key, '1', { expiration: { type: 'PX', value: lifeMs } });
  }

  /** @throws when Redis is away */
  async forget(key: string): Promise<void> {
    await this.#clients.commands.del(key);
  }

  close(): void {
    this.#closed = true;
    this.#end();
  }

  #open(url: string): Clients {
    // Sentinels are asked anew: the master may be another.
    const clients = clientsOf(
      url,
      (retries) => this.#sentinels === undefined && backoffMs(retries, this.#mostPauseMs),
    );
    for (const client of [clients.commands, clients.ears]) {
      client.on('error', (error: unknown) => this.#note(error));
      client.on('ready', () => this.#note());
      client.on('reconnecting', () => this.#note());
    }
    return clients;
  }

  #end(): void {
    const { commands, ears } = this.#clients;
    for (const client of [commands, ears]) if (client.isOpen) client.destroy();
  }

  get #mostPauseMs(): number {
    return this.#parts.mostPauseMs ?? MOST_PAUSE_MS;
  }

  /** Stays with the master, whichever Redis that is. */
  async #follow(sentinels: Sentinels): Promise<void> {
    for (let retries = 0; !this.#closed; retries += 1) {
      try {
        this.#listens = false;
        this.#clients = this.#open(await masterUrl(sentinels));
        const { commands, ears } = this.#clients;
        const ended = Promise.race([once(commands, 'end'), once(ears, 'end')]);
        ended.catch(() => undefined);
        await this.#connect();
        if (this.isReady) {
          retries = 0;
          await ended;
        }
      } catch (error) {
        this.#note(error);
      }
      this.#end();
      await pause(backoffMs(retries, this.#mostPauseMs));
    }
  }

  async #connect(): Promise<void> {
    try {
      const { commands, ears } = this.#clients;
      await Promise.all([commands.connect(), ears.connect()]);
      await ears.pSubscribe(this.#parts.pattern, this.#parts.onMessage);
      this.#listens = true;
      this.#note();
    } catch (error) {
      this.#note(error);
    }
  }

  #note(error?: unknown): void {
    const { isReady } = this;
    if (this.#closed || isReady === this.#wasReady) return;
    const { log, onReady, meaning } = this.#parts;
    if (isReady) {
      this.#wasReady = true;
      this.#reached += 1;
      log.info(`Redis is connected: ${meaning.there}`);
      onReady();
    } else if (this.#wasReady === true || error !== undefined) {
      this.#wasReady = false;
      const why = error instanceof Error ? { why: error.message || error.name } : {};
      log.warn(why, `Redis is away: ${meaning.away}; trying again`);
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

type Clients = ReturnType<typeof clientsOf>;

function clientsOf(url: string, pauseMs: (retries: number) => number | false) {
  const commands = createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: MOST_WAITING,
    pingInterval: PING_MS,
    maintNotifications: 'disabled',
    socket: { connectTimeout: SILENT_MS, socketTimeout: SILENT_MS, reconnectStrategy: pauseMs },
  });
  return { commands, ears: commands.duplicate({ disableOfflineQueue: false }) };
}

/** Half to one and a half times this, doubled each time. */
function backoffMs(retries: number, most: number): number {
  return Math.min(most, LEAST_PAUSE_MS * 2 ** Math.min(retries, 10)) * (0.5 + Math.random());
}
