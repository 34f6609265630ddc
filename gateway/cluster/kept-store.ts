import { GatewayError } from '../errors.ts';
import type { RoomId } from '../protocol/ids.ts';
import type { NodePlace } from '../rooms/session.ts';
import { scriptOf, type RedisLink } from '../redis/redis-link.ts';
import { placeKey, roomKey, type KeptField } from './kept-names.ts';
import { IS_THERE, KEEP, TAKE } from './kept-scripts.ts';

const SCRIPTS = {
  keep: scriptOf(KEEP),
  take: scriptOf(TAKE),
  isThere: scriptOf(IS_THERE),
};

/** What a room has outlives its last change so long, whatever becomes of its home; told anew each hour. */
const ROOM_LIFE_MS = 24 * 3_600_000;
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

  /** Takes a room for a term, with all that it has. @throws GatewayError when another took it later */
  async take(room: RoomId, term: number): Promise<unknown> {
    const args = [term, ROOM_LIFE_MS].map(String);
    const reply = await this.#link.run(SCRIPTS.take, roomKey(room), args);
    if (reply === 0) {
      throw new GatewayError('home-unknown', 'Another gateway has this room. Try again.', {
        retryAfterSeconds: 1,
      });
    }
    return reply;
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
