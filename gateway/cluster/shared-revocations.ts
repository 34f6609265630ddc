import { z } from 'zod';
import type { RevocationChange, Revocations } from '../auth/revocations.ts';
import type { Logger } from '../observability/logger.ts';
import { RevocationView } from '../protocol/revocation.ts';
import { scriptOf, type RedisLink } from '../redis/redis-link.ts';
import type { ClusterNews } from './homes.ts';
import { REVOCATIONS_KEY } from './kept-names.ts';
import { ALL_REVOCATIONS, REVOKE } from './revocation-scripts.ts';

const SCRIPTS = { revoke: scriptOf(REVOKE), all: scriptOf(ALL_REVOCATIONS) };

/** How often the list is compared as a whole: news may be lost, and a gateway may have been away. */
const COMPARE_MS = 1_000;
/** An entry is forgotten by Redis so long after it ran out. */
const SLACK_MS = 60_000;

const Change: z.ZodType<RevocationChange> = z.object({
  entry: RevocationView,
  deletedAt: z.number().nullable(),
});
const Reply = z.tuple([z.string(), z.array(z.string())]);

export interface SharedRevocationsParts {
  readonly revocations: Revocations;
  readonly news: ClusterNews;
  readonly link: Pick<RedisLink, 'isReady' | 'run'>;
  /** Something that was not known here is in force now. */
  readonly onHeard: () => void;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * One revocation list for all gateways: news by pub/sub, and the whole of it in Redis for who did not
 * hear them. What was decided while Redis was away is told when it is back.
 */
export class SharedRevocations {
  readonly #parts: SharedRevocationsParts;
  readonly #untold = new Map<string, RevocationChange>();
  #version = '';
  #comparing = false;
  #wasReady = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: SharedRevocationsParts) {
    this.#parts = parts;
    parts.revocations.onChange = (change) => this.#tell(change);
    parts.news.hear('revocations', (text) => this.#hear(text));
  }

  start(): void {
    this.#timer = setInterval(() => void this.compare(), COMPARE_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Reads the list in Redis if it changed, and tells it what it lacks. */
  async compare(): Promise<void> {
    const { link, revocations, log } = this.#parts;
    const isNew = link.isReady && !this.#wasReady;
    this.#wasReady = link.isReady;
    if (!link.isReady || this.#comparing) return;
    this.#comparing = true;
    try {
      if (isNew) this.#version = '';
      const reply = await link.run(SCRIPTS.all, REVOCATIONS_KEY, [this.#version]);
      const [version, texts] = Reply.parse(reply);
      const changes = texts.flatMap((text) => read(text) ?? []);
      if (version !== this.#version) this.#take(changes);
      this.#version = version;
      if (isNew) {
        const known = new Set(changes.map(({ entry }) => entry.id));
        const lacking = revocations.list().filter(({ id }) => !known.has(id));
        for (const entry of lacking) this.#untold.set(entry.id, { entry, deletedAt: null });
      }
      for (const change of [...this.#untold.values()]) await this.#tell(change);
    } catch (error) {
      this.#wasReady = false;
      log.debug({ why: String(error) }, 'the revocation list could not be compared');
    } finally {
      this.#comparing = false;
    }
  }

  async #tell(change: RevocationChange): Promise<void> {
    const { link, news, now } = this.#parts;
    const { entry } = change;
    this.#untold.set(entry.id, change);
    const text = JSON.stringify(change);
    void news.tell('revocations', text);
    const args = [entry.id, text, String(entry.expiresAt + SLACK_MS), String(now())];
    try {
      await link.run(SCRIPTS.revoke, REVOCATIONS_KEY, args);
      if (this.#untold.get(entry.id) === change) this.#untold.delete(entry.id);
    } catch {
      // told when Redis is back
    }
  }

  #hear(text: string): void {
    const change = read(text);
    if (change !== undefined) this.#take([change]);
  }

  #take(changes: readonly RevocationChange[]): void {
    const { revocations, onHeard } = this.#parts;
    const heard = changes.filter((change) => revocations.hear(change));
    if (heard.some(({ deletedAt }) => deletedAt === null)) onHeard();
  }
}

function read(text: string): RevocationChange | undefined {
  try {
    return Change.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
