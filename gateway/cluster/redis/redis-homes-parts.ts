import type { Logger } from '../../observability/logger.ts';
import type { RoomId } from '../../protocol/ids.ts';
import type { RedisLink } from '../../redis/redis-link.ts';
import type { PeerGateway } from '../homes.ts';

/** What the homes of one gateway are made of. */
export interface RedisHomesParts {
  readonly own: PeerGateway;
  readonly link: RedisLink;
  /** Whether a peer says that it cannot reach Redis, or is gone. Never rejects. */
  readonly isAway: (peer: PeerGateway) => Promise<boolean>;
  /** Whether a room has nothing here that anybody would miss. */
  readonly isEmpty: (room: RoomId) => boolean;
  /** Rooms are there for others to take: they need not wait for their next beat. */
  readonly onFreed: () => void;
  readonly log: Logger;
}

/** A room that is at home here. */
export interface HeldRoom {
  readonly term: number;
  /** Resolves when what it had elsewhere is adopted. */
  readonly ready: Promise<void>;
  isReady: boolean;
  /** Of the process' clock, in milliseconds. */
  askedAt: number;
}
