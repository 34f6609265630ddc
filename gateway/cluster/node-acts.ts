import { z } from 'zod';
import type { Logger } from '../observability/logger.ts';
import { NodeEntry } from '../protocol/api/nodes.ts';
import { scriptOf, type RedisLink } from '../redis/redis-link.ts';
import type { NodeAct } from '../rooms/fleet/fleet-desk.ts';
import type { Envelope } from './envelope.ts';
import type { ClusterNews } from './homes.ts';
import { ALL_ACTS, NOTE_ACT } from './node-act-scripts.ts';
import { NODE_ACTS_KEY } from './kept-names.ts';

const SCRIPTS = { note: scriptOf(NOTE_ACT), all: scriptOf(ALL_ACTS) };
/** How often all of them are read: news may be lost, a node may become known later. */
const COMPARE_MS = 1_000;
/** What nobody did anything to for so long is as its origin has it. */
const LIFE_MS = 30 * 24 * 3_600_000;
const MOST_NODES = 1_000;

const Act: z.ZodType<NodeAct> = z.discriminatedUnion('act', [
  z.object({ act: z.enum(['cordon', 'uncordon', 'remove']), node: z.string() }),
  z.object({
    act: z.literal('drain'),
    node: z.string(),
    deadlineAt: z.number(),
    spreadMs: z.number(),
  }),
  z.object({ act: z.literal('add'), node: z.string(), entry: NodeEntry }),
]);

export interface NodeActsParts {
  readonly link: Pick<RedisLink, 'isReady' | 'run'>;
  readonly news: ClusterNews;
  readonly envelope: Envelope;
  /** Does what another gateway was asked for. False: the node is not known here yet. */
  readonly follow: (act: NodeAct) => boolean;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * What operators do with nodes at one gateway, done at all of them: told by pub/sub, and the newest of
 * each node in Redis for who did not hear it, is started later, or learns of the node later. An
 * entry may hold a password, so all of it is in an envelope.
 */
export class NodeActs {
  readonly #parts: NodeActsParts;
  /** The newest that was done here, by node. */
  readonly #done = new Map<string, number>();
  readonly #untold = new Map<string, { readonly at: number; readonly text: string }>();
  #comparing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: NodeActsParts) {
    this.#parts = parts;
    parts.news.hear('node-acts', (text) => {
      this.#hear(text);
    });
  }

  start(): void {
    this.#timer = setInterval(() => void this.compare(), COMPARE_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Somebody did this here. */
  tell(act: NodeAct): void {
    const at = Math.max(this.#parts.now(), (this.#done.get(act.node) ?? 0) + 1);
    this.#done.set(act.node, at);
    const text = this.#parts.envelope.close(JSON.stringify(act));
    this.#untold.set(act.node, { at, text });
    void this.#parts.news.tell('node-acts', `${at} ${text}`);
    void this.#note(act.node);
  }

  /** Does what was missed, and tells what Redis lacks. */
  async compare(): Promise<void> {
    const { link, log } = this.#parts;
    if (!link.isReady || this.#comparing) return;
    this.#comparing = true;
    try {
      for (const node of [...this.#untold.keys()]) await this.#note(node);
      const texts = z.array(z.string()).parse(await link.run(SCRIPTS.all, NODE_ACTS_KEY, []));
      for (const text of texts) this.#hear(text);
    } catch (error) {
      log.debug({ why: String(error) }, 'what was done with media servers could not be compared');
    } finally {
      this.#comparing = false;
    }
  }

  async #note(node: string): Promise<void> {
    const untold = this.#untold.get(node);
    if (untold === undefined) return;
    const { at, text } = untold;
    const args = [node, at, text, LIFE_MS, MOST_NODES].map(String);
    try {
      await this.#parts.link.run(SCRIPTS.note, NODE_ACTS_KEY, args);
      if (this.#untold.get(node) === untold) this.#untold.delete(node);
    } catch {
      // noted when Redis is back
    }
  }

  #hear(told: string): void {
    const [, at = '', text = ''] = /^(\d{1,15}) (\S+)$/.exec(told) ?? [];
    const act = this.#read(text);
    if (act === undefined || Number(at) <= (this.#done.get(act.node) ?? 0)) return;
    if (this.#parts.follow(act)) this.#done.set(act.node, Number(at));
  }

  #read(text: string): NodeAct | undefined {
    const opened = this.#parts.envelope.open(text);
    if (opened === undefined) return undefined;
    try {
      return Act.safeParse(JSON.parse(opened)).data;
    } catch {
      return undefined;
    }
  }
}
