import { setTimeout as pause } from 'node:timers/promises';
import type { RoomId } from '../../protocol/ids.ts';
import { within } from '../../redis/within.ts';
import type { Home, HomeKeeper, HomeObserver, PeerGateway } from '../homes.ts';
import { homeUnknown, tooManyRooms } from '../refusals.ts';
import { HomeRegister, LEASE_MS, type Claim, type OwnClaim } from './home-register.ts';
import { KnownHomes } from './known-homes.ts';
import type { HeldRoom, RedisHomesParts } from './redis-homes-parts.ts';

const BEAT_MS = 500;
/** Looks whether the lease has run out. */
const LOOK_MS = 100;
/** This gateway takes itself for dead so much earlier than others do. */
const MARGIN_MS = 200;
/** Longest wait for an answer of Redis. */
const PATIENCE_MS = 1_000;
/** The lease is looked after when it has no more than this left. */
const LOW_MS = 800;
/** Longest wait for Redis then. */
const SHORT_PATIENCE_MS = 300;
/** How long others that cannot reach Redis either are believed. */
const EXTENSION_MS = 1_000;
/** A gateway that Redis answered within this time can reach it. */
const HEARD_MS = 1_000;
/** Longest wait of a request for a home. */
const CLAIM_MS = 3_500;
/** A room that has nothing and is not asked for is given back after so long. */
const IDLE_MS = 30_000;

/**
 * The homes of a cluster, by leases in Redis: of a gateway, not of each of its rooms. It lives for
 * 2 s and is renewed each 0.5 s; a gateway that could not renew it has no rooms any more by its own
 * clock before another can take them. While Redis is away from all of them nobody can take
 * anything, and each goes on with what it has.
 */
export class RedisHomes implements HomeKeeper {
  readonly name: string;
  readonly isAlone = false;
  readonly #parts: RedisHomesParts;
  readonly #register: HomeRegister;
  readonly #rooms = new Map<RoomId, HeldRoom>();
  readonly #known: KnownHomes;
  readonly #asking = new Map<string, Promise<Home | undefined>>();
  #observer: HomeObserver | undefined;
  #peers: readonly PeerGateway[] = [];
  #leaseUntil = -Infinity;
  #heardAt = -Infinity;
  #highestTerm = 0;
  #beating: Promise<boolean> | undefined;
  /** A Redis that was reached anew may have lost the last that was written: a replica is behind. */
  #reachedAnew = false;
  #expiring = false;
  #takenOver = 0;
  #closed = false;
  #timers: NodeJS.Timeout[] = [];

  constructor(parts: RedisHomesParts) {
    this.#parts = parts;
    this.name = parts.own.name;
    this.#known = new KnownHomes(parts.own.name, () => this.#peers);
    this.#register = new HomeRegister(parts.own, parts.link);
  }

  /** Rooms that are here for somebody's sake. */
  get size(): number {
    return this.#rooms.size;
  }

  /** Rooms of other gateways that came here since the start. */
  get takenOver(): number {
    return this.#takenOver;
  }

  use(observer: HomeObserver): void {
    this.#observer = observer;
  }

  start(): void {
    this.#timers = [
      setInterval(() => void this.beat(), BEAT_MS).unref(),
      setInterval(() => void this.#look(), LOOK_MS).unref(),
      setInterval(() => void this.#giveBack(), IDLE_MS / 3).unref(),
    ];
  }

  async homeOf(room: RoomId): Promise<Home> {
    const home = await this.#ask(room, 'claim');
    if (home === undefined) throw homeUnknown();
    return home;
  }

  find(room: RoomId): Promise<Home | undefined> {
    return this.#ask(room, 'find');
  }

  isHere(room: RoomId): boolean {
    const held = this.#rooms.get(room);
    if (held === undefined) return this.#known.ofTrials(room)?.here === true;
    if (!held.isReady || !this.#hasLease) return false;
    held.askedAt = performance.now();
    return true;
  }

  termOf(room: RoomId): number | undefined {
    return this.#rooms.get(room)?.term;
  }

  rooms(): Iterable<RoomId> {
    return [...this.#rooms.keys()];
  }

  peers(): readonly PeerGateway[] {
    return this.#peers;
  }

  async release(rooms: readonly RoomId[]): Promise<void> {
    for (const room of rooms) this.#rooms.delete(room);
    await this.#quietly(this.#register.release(rooms, 'free'));
    this.#parts.onFreed();
  }

  /** Leaves the cluster: what is still here is another's at once. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#beating;
    this.#rooms.clear();
    await this.#quietly(this.#register.leave());
    this.#parts.onFreed();
  }

  /** Redis is reached, for the first time or anew. */
  reached(): void {
    this.#reachedAnew = true;
    void this.beat();
  }

  /** Renews the lease; false when Redis did not. Joined by who comes meanwhile. */
  beat(): Promise<boolean> {
    this.#beating ??= this.#beatNow().finally(() => (this.#beating = undefined));
    return this.#beating;
  }

  /** Whether Redis answered within the last second: what a peer without Redis asks for. */
  get hearsRedis(): boolean {
    return performance.now() - this.#heardAt < HEARD_MS;
  }

  get #hasLease(): boolean {
    return performance.now() < this.#leaseUntil;
  }

  async #ask(room: RoomId, how: 'claim' | 'find'): Promise<Home | undefined> {
    const held = this.#rooms.get(room);
    if (held !== undefined && this.#hasLease) {
      await held.ready;
      return { here: true, term: held.term };
    }
    const known = this.#known.ofTrials(room) ?? (!this.hearsRedis && this.#known.before(room));
    if (known) return known;
    const key = `${how} ${room}`;
    const asking = this.#asking.get(key) ?? this.#askRedis(room, how);
    this.#asking.set(key, asking);
    return await asking.finally(() => this.#asking.delete(key));
  }

  async #askRedis(room: RoomId, how: 'claim' | 'find'): Promise<Home | undefined> {
    const giveUpAt = performance.now() + CLAIM_MS;
    while (performance.now() < giveUpAt && !this.#closed) {
      const claim: Claim | undefined = await this.#quietly(this.#register.claim(room, how));
      switch (claim?.[0]) {
        case 'here':
          return await this.#gain(room, claim);
        case 'there':
          return this.#known.note(room, { name: claim[1], url: claim[2] });
        case 'nobody':
          return undefined;
        case 'settling':
          await pause(Math.min(claim[1], BEAT_MS));
          break;
        case 'late':
          if (!(await this.beat())) throw homeUnknown();
          break;
        case 'full':
          throw tooManyRooms();
        case undefined:
          return this.#known.recall(room);
      }
    }
    throw homeUnknown();
  }

  /** Who claims a room that nobody had need not wait: there is nothing to adopt. */
  async #gain(room: RoomId, [, term, fresh, kept]: OwnClaim): Promise<Home> {
    const isNew = fresh === 1;
    const known = this.#rooms.get(room);
    if (known?.term === term) {
      await known.ready;
      return { here: true, term };
    }
    if (known !== undefined) this.#lose(room);
    this.#highestTerm = Math.max(this.#highestTerm, term);
    const gained = this.#observer?.gained(room, term, kept) ?? Promise.resolve();
    const ready = isNew ? Promise.resolve() : gained;
    const held: HeldRoom = { term, ready, isReady: isNew, askedAt: performance.now() };
    this.#rooms.set(room, held);
    const settled = this.#settle(room, held, isNew ? gained.catch(() => undefined) : gained);
    if (isNew) settled.catch(() => undefined);
    else await settled;
    return { here: true, term };
  }

  async #settle(room: RoomId, held: HeldRoom, gained: Promise<void>): Promise<void> {
    try {
      await gained;
      held.isReady = true;
    } catch (error) {
      if (this.#rooms.get(room) === held) await this.release([room]);
      this.#parts.log.warn({ err: error, room }, 'a room could not be taken over');
      throw homeUnknown();
    }
    if (this.#rooms.get(room) !== held) throw homeUnknown();
  }

  async #beatNow(): Promise<boolean> {
    if (!this.#parts.link.isReady || this.#closed) return false;
    const sentAt = performance.now();
    const isSure = this.#hasLease && !this.#reachedAnew;
    const beat = await this.#quietly(this.#register.beat(this.#highestTerm));
    if (beat === undefined) return false;
    this.#peers = beat.peers;
    this.#heardAt = sentAt;
    if ((!beat.kept || !isSure) && !(await this.#reclaim())) return false;
    this.#reachedAnew = false;
    this.#leaseUntil = sentAt + LEASE_MS - MARGIN_MS;
    if (beat.orphans.length > 0) void this.#takeOver(beat.orphans);
    return true;
  }

  /** Holds what is here against what Redis says after a standstill of either. */
  async #reclaim(): Promise<boolean> {
    const terms = new Map([...this.#rooms].map(([room, { term }]) => [room, term]));
    if (terms.size === 0) return true;
    const gone = await this.#quietly(this.#register.reclaim(terms));
    if (gone === undefined) return false;
    for (const room of gone) this.#lose(room);
    const kept = [...terms.keys()].filter((room) => this.#rooms.has(room));
    if (kept.length > 0) this.#observer?.rewrite(kept);
    return true;
  }

  async #takeOver(orphans: readonly RoomId[]): Promise<void> {
    const taken = await Promise.allSettled(orphans.map((room) => this.#ask(room, 'find')));
    const rooms = taken.filter((each) => each.status === 'fulfilled' && each.value?.here).length;
    if (rooms === 0) return;
    this.#takenOver += rooms;
    this.#parts.log.info({ rooms }, 'took over rooms of another gateway');
  }

  /** The lease runs out: then another may have the rooms, unless nobody can reach Redis. */
  async #look(): Promise<void> {
    if (performance.now() < this.#leaseUntil - LOW_MS || this.#rooms.size === 0) return;
    if (this.#expiring || this.#closed) return;
    this.#expiring = true;
    try {
      if ((await within(SHORT_PATIENCE_MS, this.beat())) === true) return;
      const away = await Promise.all(this.#peers.map((peer) => this.#parts.isAway(peer)));
      if (!away.includes(false)) {
        this.#leaseUntil = Math.max(this.#leaseUntil, performance.now() + EXTENSION_MS);
        return;
      }
      if (this.#hasLease) return;
      const rooms = this.#rooms.size;
      this.#parts.log.warn({ rooms }, 'rooms are given up: Redis is away from here, not from all');
      for (const room of [...this.#rooms.keys()]) this.#lose(room);
    } finally {
      this.#expiring = false;
    }
  }

  async #giveBack(): Promise<void> {
    const before = performance.now() - IDLE_MS;
    const idle = [...this.#rooms]
      .filter(([room, { askedAt }]) => askedAt < before && this.#parts.isEmpty(room))
      .map(([room]) => room);
    if (idle.length === 0 || !this.#hasLease) return;
    for (const room of idle) this.#rooms.delete(room);
    await this.#quietly(this.#register.release(idle, 'forget'));
  }

  #lose(room: RoomId): void {
    this.#rooms.delete(room);
    this.#observer?.lost(room);
  }

  /** A Redis that goes away is told of once, by its link. */
  async #quietly<T>(asked: Promise<T>): Promise<T | undefined> {
    try {
      return await within(PATIENCE_MS, asked);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#parts.log.debug({ why }, 'Redis did not do as asked');
      return undefined;
    }
  }
}
