import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';
import type { SessionKind } from '../protocol/session-kind.ts';
import type { Transport } from '../protocol/transport.ts';
import type { RoomId } from '../protocol/ids.ts';
import type { Registry } from './registry.ts';

export interface CapacityRules {
  readonly maxSessions: number;
  readonly maxViewersPerRoom: number;
  readonly maxSessionsPerRoom: number;
  readonly maxSessionsPerSubject: number;
  /** Publishers that were answered and have no media yet. */
  readonly maxHalfOpenPerSubject: number;
}

/**
 * Whether one more session fits; one that it `replaces` makes room for it. What the gateway or a room
 * cannot carry is 503, what one user has too many of is 429.
 * @throws GatewayError
 */
export function requireCapacity(
  registry: Registry,
  rules: CapacityRules,
  wish: {
    kind: SessionKind;
    transport: Transport;
    room: RoomId;
    subject: string;
    replaces: boolean;
  },
): void {
  const freed = wish.replaces ? 1 : 0;
  const room = registry.room(wish.room);
  const own = registry.ofSubject(wish.subject);
  if (registry.size - freed >= rules.maxSessions) throw full('The gateway');
  if ((room?.size ?? 0) - freed >= rules.maxSessionsPerRoom) throw full('This room');
  if (wish.kind === 'watch' && (room?.viewers ?? 0) >= rules.maxViewersPerRoom) {
    throw full('This room');
  }
  if (own.size - freed >= rules.maxSessionsPerSubject) {
    throw tooMany('You have too many sessions. End one first.');
  }
  if (wish.kind === 'watch' || wish.transport === 'websocket') return;
  // A client that never does ICE holds a name at the node (X24).
  const halfOpen = [...own].filter(
    ({ kind, state }) => kind === 'publish' && state.kind !== 'live',
  );
  if (halfOpen.length - freed >= rules.maxHalfOpenPerSubject) {
    throw tooMany('Too many of your publishers are not connected yet.');
  }
}

const full = (what: string): GatewayError =>
  new GatewayError('capacity', `${what} is full. Try again later.`, { retryAfterSeconds: 10 });

const tooMany = (message: string): GatewayError =>
  new GatewayError('too-many-sessions', message, {
    retryAfterSeconds: LIMITS.connectMs / 1000,
  });
