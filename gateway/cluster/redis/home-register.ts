import { z } from 'zod';
import { RoomId } from '../../protocol/ids.ts';
import { scriptOf, type RedisLink } from '../../redis/redis-link.ts';
import type { PeerGateway } from '../homes.ts';
import { ROOM_LIFE_MS, roomKey } from '../kept-names.ts';
import { KEYS } from './cluster-names.ts';
import { BEAT, CLAIM, LEAVE, RECLAIM, RELEASE } from './home-scripts.ts';

const SCRIPTS = {
  beat: scriptOf(BEAT),
  claim: scriptOf(CLAIM),
  reclaim: scriptOf(RECLAIM),
  release: scriptOf(RELEASE),
  leave: scriptOf(LEAVE),
};

/** A gateway that says nothing for so long is dead, and its rooms may be taken. */
export const LEASE_MS = 2_000;
/** After so long without any gateway Redis was away. */
const GAP_MS = 1_500;
/** Then former homes have so long to come back before rooms are given to others. */
const SETTLE_MS = 2_000;
/** Rooms that a gateway takes over at one beat. */
const ORPHANS_AT_ONCE = 256;
/** Homes of all gateways: some 10 MiB of Redis. */
const MOST_HOMES = 100_000;

const BeatReply = z.tuple([
  z.enum(['kept', 'late']),
  z.number(),
  z.array(z.string()),
  z.array(RoomId),
]);
const ClaimReply = z.union([
  z.tuple([z.literal('here'), z.number(), z.number(), z.array(z.string())]),
  z.tuple([z.literal('there'), z.string(), z.string()]),
  z.tuple([z.literal('settling'), z.number()]),
  z.tuple([z.enum(['nobody', 'full', 'late'])]),
]);

export type Claim = z.infer<typeof ClaimReply>;
/** A room is at home here: its term, 1 when nobody had it before, and what it has as fields and texts. */
export type OwnClaim = Extract<Claim, readonly ['here', ...unknown[]]>;

/** What one beat told. */
export interface Beat {
  /** False: this gateway was taken for dead, or Redis did not know it. */
  readonly kept: boolean;
  readonly settlesInMs: number;
  readonly peers: readonly PeerGateway[];
  /** Rooms without a home that this gateway should take. */
  readonly orphans: readonly RoomId[];
}

/** The register of homes in Redis, as one gateway speaks to it. Everything @throws when Redis is away. */
export class HomeRegister {
  readonly #own: PeerGateway;
  readonly #link: RedisLink;

  constructor(own: PeerGateway, link: RedisLink) {
    this.#own = own;
    this.#link = link;
  }

  async beat(highestTerm: number): Promise<Beat> {
    const numbers = [LEASE_MS, GAP_MS, SETTLE_MS, highestTerm, ORPHANS_AT_ONCE].map(String);
    const reply = await this.#run('beat', [this.#own.url, ...numbers]);
    const [stands, settlesInMs, others, orphans] = BeatReply.parse(reply);
    const peers = others.flatMap((name, at) => {
      const url = others[at + 1];
      return at % 2 === 0 && url !== undefined ? [{ name, url }] : [];
    });
    return { kept: stands === 'kept', settlesInMs, peers, orphans };
  }

  async claim(room: RoomId, how: 'claim' | 'find'): Promise<Claim> {
    const args = [room, how, String(MOST_HOMES), String(ROOM_LIFE_MS)];
    return ClaimReply.parse(await this.#run('claim', args, [...KEYS, roomKey(room)]));
  }

  /** The rooms that are another's meanwhile. */
  async reclaim(terms: ReadonlyMap<RoomId, number>): Promise<readonly RoomId[]> {
    const args = [...terms].flatMap(([room, term]) => [room, String(term)]);
    return z.array(RoomId).parse(await this.#run('reclaim', args));
  }

  async release(rooms: readonly RoomId[], how: 'free' | 'forget'): Promise<void> {
    await this.#run('release', [how, ...rooms]);
  }

  async leave(): Promise<void> {
    await this.#run('leave', []);
  }

  async #run(
    name: keyof typeof SCRIPTS,
    args: readonly string[],
    keys: readonly string[] = KEYS,
  ): Promise<unknown> {
    return await this.#link.run(SCRIPTS[name], keys, [this.#own.name, ...args]);
  }
}
