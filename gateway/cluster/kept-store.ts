import type { RoomId } from '../protocol/ids.ts';
import type { NodePlace } from '../rooms/session.ts';
import { scriptOf, type RedisLink } from '../redis/redis-link.ts';
import { placeKey, ROOM_LIFE_MS, roomKey, type KeptField } from './kept-names.ts';
import { IS_THERE, KEEP } from './kept-scripts.ts';

const SCRIPTS = {
  keep: scriptOf(KEEP),
  isThere: scriptOf(IS_THERE),
};

/** The term alone, so that a home whose time is over is still told apart. */
const EMPTY_LIFE_MS = 60_000;

/** Redis, as far as it is needed here. */
export type KeptLink = Pick<RedisLink, 'isReady' | 'reached' | 'run' | 'keep' | 'forget'>;

/** What rooms have, in Redis. All of it throws when Redis is away. */
export class KeptStore {
  readonly #link: KeptLink;

  constructor(link: KeptLink) {
    this.#link = link;
  }

  get isReady(): boolean {
    return this.#link.isReady;
  }

  /** How many times it was reached anew. */
  get reached(): number {
    return this.#link.reached;
  }

  /** Writes fields of a room; an empty text deletes one. False: another home took the room later. */
  async keep(room: RoomId, term: number, fields: ReadonlyMap<KeptField, string>): Promise<boolean> {
    const reply = await this.#link.run(SCRIPTS.keep, roomKey(room), [
      ...[term, ROOM_LIFE_MS, EMPTY_LIFE_MS].map(String),
      ...[...fields].flat(),
    ]);
    return reply !== 0;
  }

  /** A client at a node is a gateway's, for so long. */
  async claim(place: NodePlace, lifeMs: number): Promise<void> {
    await this.#link.keep(placeKey(place), lifeMs);
  }

  async disclaim(place: NodePlace): Promise<void> {
    await this.#link.forget(placeKey(place));
  }

  /** Whether a client at a node is some gateway's. */
  async isClaimed(place: NodePlace): Promise<boolean> {
    return (await this.#link.run(SCRIPTS.isThere, placeKey(place), [])) === 1;
  }
}
