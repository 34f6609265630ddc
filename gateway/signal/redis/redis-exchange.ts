import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { LIMITS } from '../../limits/limits.ts';
import type { Logger } from '../../observability/logger.ts';
import type { Parting } from '../../protocol/signal/peer.ts';
import type { SourcePlace } from '../../rooms/hosts/source-place.ts';
import type { Entrance, Exchange, ExchangeListener } from '../exchange.ts';
import type { Member, News } from '../member.ts';
import { isSole } from '../roles.ts';
import { RedisLink, scriptOf } from '../../redis/redis-link.ts';
import { within } from '../../redis/within.ts';
import { channelOf, channelPrefix, GATEWAY_PREFIX, placeOf, roomKey } from './redis-names.ts';
import { CHANGE, ENTER, LEAVE, RENEW } from './redis-scripts.ts';
import { readMembers, readNews } from './redis-wire.ts';

const SCRIPTS = {
  enter: scriptOf(ENTER),
  leave: scriptOf(LEAVE),
  renew: scriptOf(RENEW),
  change: scriptOf(CHANGE),
};

/** A gateway that was killed is found out after so long. */
const GATEWAY_LIFE_MS = 4_000;
const BEAT_MS = 1_000;
const ROOM_LIFE_MS = 60_000;
/** Longest wait of a peer for Redis; it enters here alone then. */
const PATIENCE_MS = 1_000;
/** Sources that are renewed at once. */
const RENEWED_AT_ONCE = 64;

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const NOT_SEEN: Entrance = { result: 'entered', others: [], isWhole: false };

const EnterReply = z.tuple([z.enum(['entered', 'taken', 'full']), z.unknown()]);
const RenewReply = z.tuple([z.unknown(), z.array(z.string())]);

/** The peers of all gateways that share a Redis. While it is away, those of this one. */
export class RedisExchange implements Exchange {
  readonly gateway = Array.from(randomBytes(16), (byte) => BASE32[byte % 32]).join('');
  readonly #link: RedisLink;
  readonly #log: Logger;
  #listener: ExchangeListener | undefined;
  #timer: NodeJS.Timeout | undefined;
  #readyAt = Infinity;
  #renewing = false;
  #beatAt = -Infinity;

  constructor({ url, log }: { readonly url: string; readonly log: Logger }) {
    this.#log = log;
    this.#link = new RedisLink({
      url,
      log,
      pattern: `${channelPrefix(this.gateway)}*`,
      meaning: {
        there: 'peers of all gateways find each other',
        away: 'only peers of this gateway find each other',
      },
      onMessage: (text, channel) => this.#hear(text, channel),
      onReady: () => {
        this.#readyAt = performance.now();
        void this.#beat();
      },
    });
  }

  get isReady(): boolean {
    return this.#link.isReady;
  }

  start(listener: ExchangeListener): void {
    this.#listener = listener;
    this.#link.start();
    this.#timer = setInterval(() => void this.#beat(), BEAT_MS).unref();
  }

  async enter(place: SourcePlace, member: Member): Promise<Entrance> {
    const news: News = { type: 'came', member };
    const reply = this.#run('enter', place, [
      ...[member.peerId, JSON.stringify(member), isSole(member.role) ? '1' : '0'],
      ...[String(LIMITS.signalPeersPerSource), String(ROOM_LIFE_MS)],
      ...addressed(place, news),
    ]);
    const entered = EnterReply.safeParse(await within(PATIENCE_MS, reply)).data;
    if (entered === undefined) return NOT_SEEN;
    const [result, others] = entered;
    if (result !== 'entered') return { result };
    const away = readMembers(others).filter(({ gateway }) => gateway !== this.gateway);
    return { result, others: away, isWhole: this.#isSettled };
  }

  change(place: SourcePlace, member: Member): void {
    const news: News = { type: 'changed', member };
    const args = [member.peerId, JSON.stringify(member), ...addressed(place, news)];
    void this.#run('change', place, args);
  }

  leave(place: SourcePlace, { peerId }: Member, reason: Parting): void {
    const news: News = { type: 'gone', peerId, reason };
    void this.#run('leave', place, [peerId, ...addressed(place, news)]);
  }

  async tell(place: SourcePlace, gateway: string, news: News): Promise<boolean> {
    try {
      return (await this.#link.publish(channelOf(gateway, place), JSON.stringify(news))) > 0;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await within(PATIENCE_MS, this.#quietly(this.#link.forget(GATEWAY_PREFIX + this.gateway)));
    this.#link.close();
  }

  /** Whether every gateway that lost Redis with us had time to come back. */
  get #isSettled(): boolean {
    return performance.now() - this.#readyAt > GATEWAY_LIFE_MS;
  }

  #hear(text: string, channel: string): void {
    const place = placeOf(this.gateway, channel);
    const news = readNews(text);
    if (place !== undefined && news !== undefined) this.#listener?.hear(place, news);
    else this.#log.debug('another gateway said something that is not known here');
  }

  async #beat(): Promise<void> {
    if (!this.isReady || this.#renewing) return;
    this.#renewing = true;
    // After a standstill all gateways look dead for a moment.
    const now = performance.now();
    if (now - this.#beatAt > GATEWAY_LIFE_MS / 2) this.#readyAt = now;
    this.#beatAt = now;
    const alive = this.#link.keep(GATEWAY_PREFIX + this.gateway, GATEWAY_LIFE_MS);
    await within(PATIENCE_MS, this.#quietly(alive));
    const places = [...(this.#listener?.places() ?? [])];
    for (let first = 0; first < places.length; first += RENEWED_AT_ONCE) {
      const some = places.slice(first, first + RENEWED_AT_ONCE);
      await Promise.all(some.map(({ place, own }) => this.#renew(place, own)));
    }
    this.#renewing = false;
  }

  async #renew(place: SourcePlace, own: readonly Member[]): Promise<void> {
    const heard = this.#listener?.heard(place);
    const isWhole = this.#isSettled;
    const members = own.flatMap((member) => [
      ...[member.peerId, JSON.stringify(member), isSole(member.role) ? '1' : '0'],
    ]);
    const reply = this.#run('renew', place, [String(ROOM_LIFE_MS), ...members]);
    const renewed = RenewReply.safeParse(await within(PATIENCE_MS, reply)).data;
    if (renewed === undefined || this.#listener?.heard(place) !== heard) return;
    const [others, ousted] = renewed;
    for (const member of own) {
      if (ousted.includes(member.peerId)) this.#listener?.ousted(place, member);
    }
    this.#listener?.census(place, readMembers(others), isWhole);
  }

  async #run(
    name: keyof typeof SCRIPTS,
    place: SourcePlace,
    args: readonly string[],
  ): Promise<unknown> {
    if (!this.isReady) return undefined;
    const all = [GATEWAY_PREFIX, this.gateway, ...args];
    return await this.#quietly(this.#link.run(SCRIPTS[name], roomKey(place), all));
  }

  /** A Redis that goes away is told of once, by its link. */
  async #quietly<T>(asked: Promise<T>): Promise<T | undefined> {
    try {
      return await asked;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#log.debug({ why }, 'Redis did not do as asked');
      return undefined;
    }
  }
}

/** For the scripts: the channel before and behind a gateway's name, and what to say there. */
function addressed(place: SourcePlace, news: News): string[] {
  const [before = '', behind = ''] = channelOf('\n', place).split('\n');
  return [before, behind, JSON.stringify(news)];
}
