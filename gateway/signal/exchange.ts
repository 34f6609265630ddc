import type { Parting } from '../protocol/signal/peer.ts';
import type { SourcePlace } from '../rooms/hosts/source-place.ts';
import type { Member, News } from './member.ts';

/** What came of the wish to enter. */
export type Entrance =
  /** The peers of other gateways there; `isWhole`: all of them. */
  | { readonly result: 'entered'; readonly others: readonly Member[]; readonly isWhole: boolean }
  /** The source has a sender, or host, at another gateway. */
  | { readonly result: 'taken' }
  | { readonly result: 'full' };

/** What a gateway has to do with the peers of others. */
export interface ExchangeListener {
  /** What another gateway tells. */
  hear(place: SourcePlace, news: News): void;
  /** The sources that have peers here, and those peers. */
  places(): Iterable<{ readonly place: SourcePlace; readonly own: readonly Member[] }>;
  /** Counts what was heard of a place; a census that was begun before the last of it is void. */
  heard(place: SourcePlace): number;
  /** All peers of other gateways there; who is not among them is lost, where `isWhole`. */
  census(place: SourcePlace, others: readonly Member[], isWhole: boolean): void;
  /** Another has the place of a peer of ours. */
  ousted(place: SourcePlace, member: Member): void;
}

/** How the gateways of one installation know of each other's peers. Nothing of it throws. */
export interface Exchange {
  /** Of this gateway, new with each start. */
  readonly gateway: string;
  /** Whether other gateways can be reached now. */
  readonly isReady: boolean;
  start(listener: ExchangeListener): void;
  /** Enters a peer; others are told. */
  enter(place: SourcePlace, member: Member): Promise<Entrance>;
  /** Something of an entered peer is new. */
  change(place: SourcePlace, member: Member): void;
  leave(place: SourcePlace, member: Member, reason: Parting): void;
  /** False: its gateway cannot be reached. */
  tell(place: SourcePlace, gateway: string, news: News): Promise<boolean>;
  close(): Promise<void>;
}
