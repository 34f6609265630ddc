import type { RoomId } from '../protocol/ids.ts';

/** Another gateway of the same cluster. */
export interface PeerGateway {
  /** New with each start, unless `GATEWAY_NAME` says one. */
  readonly name: string;
  /** Where its peers reach it: scheme, host and port, without a slash at the end. */
  readonly url: string;
}

/**
 * The gateway that a room is at home at. `term` grows with each take-over, over all rooms and
 * gateways: of two that take themselves for the home, the one with the higher term is it.
 */
export type Home =
  | { readonly here: true; readonly term: number }
  | { readonly here: false; readonly gateway: PeerGateway };

/** Which gateway decides for a room. All of them know by one Redis. */
export interface HomeKeeper {
  /** Of this gateway. */
  readonly name: string;
  /** Asked often and cheap: alone, this gateway is the home of every room. */
  readonly isAlone: boolean;
  /** Hears of what follows; to be called once, before any request is served. */
  use(observer: HomeObserver): void;
  /**
   * Whose a room is. This gateway claims it when it is nobody's; then it resolves after
   * `HomeObserver.gained`. @throws GatewayError `home-unknown` (503) while Redis is away and it is
   * not known.
   */
  homeOf(room: RoomId): Promise<Home>;
  /**
   * The same, and claims the room only when a gateway had it that died or gave it back; undefined
   * when it is nobody's. For what anybody may ask. @throws as `homeOf`
   */
  find(room: RoomId): Promise<Home | undefined>;
  /** Known here and now, by this process' own clock; false from the moment another could have it. */
  isHere(room: RoomId): boolean;
  /** Of a room that is at home here. */
  termOf(room: RoomId): number | undefined;
  /** The rooms that are at home here. */
  rooms(): Iterable<RoomId>;
  /** Gives rooms back after what they have was written down: another gateway takes them at once. */
  release(rooms: readonly RoomId[]): Promise<void>;
  /** The others that are alive, as far as is known. */
  peers(): readonly PeerGateway[];
}

/** Hears which rooms come and go. */
export interface HomeObserver {
  /**
   * Before the first request of a room is served here: what it had elsewhere is adopted, which is
   * `kept`, fields and texts in turn. A rejection gives the room back, and the request gets 503.
   */
  gained(room: RoomId, term: number, kept: readonly string[]): Promise<void>;
  /**
   * Another gateway has the room, or may have it: nothing is ended at the nodes, sockets are closed
   * with 1012 so that they come again.
   */
  lost(room: RoomId): void;
  /** The rooms here are still here, and Redis may have forgotten what was written: write it again. */
  rewrite(rooms: readonly RoomId[]): void;
}

/** Says something to all gateways of the cluster. */
export interface ClusterNews {
  /** Resolves when Redis took it; false: it is away. Nothing is heard of what one says oneself. */
  tell(topic: string, text: string): Promise<boolean>;
  /** One listener for a topic (`[a-z-]+`). `from` is the name of the gateway that says it. */
  hear(topic: string, listener: (text: string, from: string) => void): void;
}
