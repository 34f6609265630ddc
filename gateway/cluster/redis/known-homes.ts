import type { RoomId } from '../../protocol/ids.ts';
import type { Home, PeerGateway } from '../homes.ts';
import { homeUnknown } from '../refusals.ts';
import { isForTrials, trialRoomOf } from '../trial-room.ts';

/** Rooms of other gateways that are remembered: some 10 MiB. */
const MOST = 100_000;

/** Homes that are known without asking Redis. */
export class KnownHomes {
  readonly #own: string;
  readonly #peers: () => readonly PeerGateway[];
  readonly #there = new Map<RoomId, PeerGateway>();

  constructor(own: string, peers: () => readonly PeerGateway[]) {
    this.#own = own;
    this.#peers = peers;
  }

  /** Of a room for trials, by its name. */
  ofTrials(room: RoomId): Home | undefined {
    if (!isForTrials(room)) return undefined;
    if (room === trialRoomOf(this.#own)) return { here: true, term: 0 };
    const gateway = this.#peers().find(({ name }) => trialRoomOf(name) === room);
    return gateway && { here: false, gateway };
  }

  /** Where a room was when Redis said so last: it still is while Redis is away, or that gateway says no. */
  before(room: RoomId): Home | undefined {
    const gateway = this.#there.get(room);
    return gateway && { here: false, gateway };
  }

  /** The same. @throws GatewayError `home-unknown` */
  recall(room: RoomId): Home {
    const home = this.before(room);
    if (home === undefined) throw homeUnknown();
    return home;
  }

  /** Redis says that a room is at another gateway. */
  note(room: RoomId, gateway: PeerGateway): Home {
    this.#there.delete(room);
    const [oldest] = this.#there.keys();
    if (this.#there.size >= MOST && oldest !== undefined) this.#there.delete(oldest);
    this.#there.set(room, gateway);
    return { here: false, gateway };
  }
}
