import type { Parting } from '../../../gateway/protocol/signal/peer.ts';
import type { SourcePlace } from '../../../gateway/rooms/hosts/source-place.ts';
import type { Entrance, Exchange, ExchangeListener } from '../../../gateway/signal/exchange.ts';
import { placeKey, type Member, type News } from '../../../gateway/signal/member.ts';
import { isSole } from '../../../gateway/signal/roles.ts';

/** What gateways share, in one process: everything happens at once, and nothing is lost. */
export class ExchangeHub {
  readonly #members = new Map<string, Map<string, Member>>();
  readonly #listeners = new Map<string, ExchangeListener>();

  /** The exchange of one more gateway. */
  join(gateway: string): Exchange {
    return {
      gateway,
      isReady: true,
      start: (listener) => void this.#listeners.set(gateway, listener),
      enter: (place, member) => Promise.resolve(this.#enter(place, member)),
      change: (place, member) => this.#tellAll(place, gateway, { type: 'changed', member }),
      leave: (place, member, reason) => this.#leave(place, member, reason),
      tell: (place, to, news) => Promise.resolve(this.#tell(place, to, news)),
      close: () => Promise.resolve(),
    };
  }

  /** Members of all places. */
  get size(): number {
    return [...this.#members.values()].reduce((sum, { size }) => sum + size, 0);
  }

  #at(place: SourcePlace): Map<string, Member> {
    const known = this.#members.get(placeKey(place)) ?? new Map<string, Member>();
    this.#members.set(placeKey(place), known);
    return known;
  }

  #enter(place: SourcePlace, member: Member): Entrance {
    const members = this.#at(place);
    const others = [...members.values()].filter(({ peerId }) => peerId !== member.peerId);
    if (isSole(member.role) && others.some(({ role }) => role === member.role)) {
      return { result: 'taken' };
    }
    const before = members.get(member.peerId);
    this.#tellAll(place, member.gateway, { type: 'came', member }, before);
    members.set(member.peerId, member);
    const away = others.filter(({ gateway }) => gateway !== member.gateway);
    return { result: 'entered', others: away, isWhole: true };
  }

  #leave(place: SourcePlace, { peerId, gateway }: Member, reason: Parting): void {
    const members = this.#at(place);
    if (members.get(peerId)?.gateway !== gateway) return;
    members.delete(peerId);
    this.#tellAll(place, gateway, { type: 'gone', peerId, reason });
  }

  #tellAll(place: SourcePlace, from: string, news: News, also?: Member): void {
    const gateways = new Set(
      [...this.#at(place).values(), ...(also ? [also] : [])].map(({ gateway }) => gateway),
    );
    gateways.delete(from);
    for (const gateway of gateways) this.#tell(place, gateway, news);
  }

  #tell(place: SourcePlace, gateway: string, news: News): boolean {
    const listener = this.#listeners.get(gateway);
    listener?.hear(place, news);
    return listener !== undefined;
  }
}
