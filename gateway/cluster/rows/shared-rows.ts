import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Logger } from '../../observability/logger.ts';
import { scriptOf, type RedisLink } from '../../redis/redis-link.ts';
import { within } from '../../redis/within.ts';
import type { Envelope } from '../envelope.ts';
import type { ClusterNews } from '../homes.ts';
import { rowKeys } from '../kept-names.ts';
import type { RowLedger } from './row-ledger.ts';
import { PUT_ROWS, ROWS_SINCE } from './row-scripts.ts';
import { readChange, type RowChange } from './shared-table.ts';

const SCRIPTS = { put: scriptOf(PUT_ROWS), since: scriptOf(ROWS_SINCE) };

/** How often all is compared: news may be lost, and a gateway may have been away. */
const COMPARE_MS = 1_000;
/** Rows told or read at once. */
const AT_ONCE = 200;
/** Longest wait of a write for Redis. */
const PATIENCE_MS = 50;
/** Batches of news that wait; of more the comparison tells. */
const MOST_HEARD = 100;

const Since = z.tuple([z.string(), z.coerce.string(), z.array(z.string())]);
const Texts = z.array(z.string()).max(AT_ONCE);

export interface SharedRowsParts {
  /** Names these tables to Redis and to the other gateways (`[a-z-]+`). */
  readonly name: string;
  readonly ledger: RowLedger;
  readonly news: ClusterNews;
  readonly link: Pick<RedisLink, 'isReady' | 'run'>;
  /** Whoever can write to Redis makes no row. */
  readonly envelope: Envelope;
  /** Told at once, before it is kept here; may be told again. */
  readonly onHeard?: (changes: readonly RowChange[]) => void;
  /** It is in the local tables now. */
  readonly onTaken: (changes: readonly RowChange[]) => Promise<void>;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Rows that are the same at all gateways: each has them in its own database, tells what changes
 * there, and compares all with Redis each second. What changed while Redis was away, or was changed
 * by another process, is told when it can be.
 */
export class SharedRows {
  readonly #parts: SharedRowsParts;
  #run: string | undefined;
  #since = '0';
  #work: Promise<void> = Promise.resolve();
  #telling: Promise<void> | undefined;
  #heard = 0;
  #comparing = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: SharedRowsParts) {
    this.#parts = parts;
    parts.news.hear(`rows-${parts.name}`, (text) => this.#hear(text));
  }

  start(): void {
    this.#timer = setInterval(() => void this.compare(), COMPARE_MS).unref();
    void this.compare();
  }

  /** Resolves when nothing is written any more. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#telling;
    await this.#work;
  }

  /** What was heard so far is kept here. Never rejects. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /** Something was written here: told at once, and waited for a little. Never rejects. */
  async written(): Promise<void> {
    if (!this.#parts.link.isReady || this.#run === undefined || this.#closed) return;
    await within(PATIENCE_MS, this.#tell());
  }

  /** Takes what is new in Redis, and tells it what it lacks. Never rejects. */
  async compare(): Promise<void> {
    const { link } = this.#parts;
    // A Redis that was away may have lost what it was told last.
    if (!link.isReady) this.#run = undefined;
    if (!link.isReady || this.#comparing || this.#closed) return;
    this.#comparing = true;
    try {
      await this.#read();
      await this.#tell();
    } catch (error) {
      this.#excuse(error);
    } finally {
      this.#comparing = false;
    }
  }

  async #read(): Promise<void> {
    const { ledger, link, name } = this.#parts;
    for (;;) {
      const args = [this.#run ?? '', this.#since, String(AT_ONCE), newRun()];
      const reply = await link.run(SCRIPTS.since, rowKeys(name), args);
      const [run, since, texts] = Since.parse(reply);
      if (run !== this.#run) await ledger.retell();
      await this.#inTurn(() => this.#take(texts));
      [this.#run, this.#since] = [run, since];
      if (texts.length < AT_ONCE) return;
    }
  }

  /** What is untold; joined by who comes meanwhile, who may have written after it was read. */
  async #tell(): Promise<void> {
    if (this.#telling !== undefined) await this.#telling;
    this.#telling ??= this.#tellNow().finally(() => (this.#telling = undefined));
    await this.#telling;
  }

  async #tellNow(): Promise<void> {
    const { ledger, link, envelope, name, news, now } = this.#parts;
    try {
      for (;;) {
        const changes = await ledger.untold(AT_ONCE);
        if (changes.length === 0) return;
        const texts = changes.map((change) => envelope.close(JSON.stringify(change)));
        const args = changes.flatMap((change, at) => [...this.#entry(change), texts[at] ?? '']);
        const head = [newRun(), String(now())];
        const run = await link.run(SCRIPTS.put, rowKeys(name), [...head, ...args]);
        if (this.#run === '') this.#run = z.string().parse(run);
        await news.tell(`rows-${name}`, JSON.stringify(texts));
        await ledger.told(changes);
        if (changes.length < AT_ONCE) return;
      }
    } catch (error) {
      this.#excuse(error);
    }
  }

  #entry({ kind, id, version, stamp, row }: RowChange): string[] {
    const table = this.#parts.ledger.tables.find(({ name }) => name === kind);
    const till = table?.rememberMs === undefined ? 0 : this.#parts.now() + table.rememberMs;
    return [`${kind} ${id}`, String(version), String(stamp), row === null ? '1' : '0', `${till}`];
  }

  #hear(text: string): void {
    if (this.#heard >= MOST_HEARD || this.#closed) return;
    const texts = parsed(text);
    if (texts === undefined) return;
    this.#parts.onHeard?.(this.#open(texts));
    this.#heard += 1;
    void this.#inTurn(() => this.#take(texts))
      .catch((error: unknown) => this.#excuse(error))
      .finally(() => (this.#heard -= 1));
  }

  async #take(texts: readonly string[]): Promise<void> {
    const { ledger, onTaken } = this.#parts;
    const changes = this.#open(texts);
    if (changes.length === 0) return;
    const taken = await ledger.take(changes);
    if (taken.length > 0) await onTaken(taken);
  }

  #open(texts: readonly string[]): RowChange[] {
    const { envelope, ledger } = this.#parts;
    return texts.flatMap((text) => readChange(envelope.open(text) ?? '', ledger.tables) ?? []);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined);
    return done;
  }

  #excuse(error: unknown): void {
    const { log, name } = this.#parts;
    log.debug({ why: String(error), rows: name }, 'shared rows could not be compared');
  }
}

const newRun = (): string => randomBytes(6).toString('hex');

function parsed(text: string): string[] | undefined {
  try {
    return Texts.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
