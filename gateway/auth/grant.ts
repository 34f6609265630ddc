import type { Action, GrantOrigin } from '../protocol/grant.ts';
import type { RoomId, SourceId } from '../protocol/ids.ts';

/** The verified content of a token: who, where, what, until when. */
export interface Grant {
  readonly subject: string;
  /** `*`: all rooms, several only where somebody is known by an account. */
  readonly room: RoomId | '*' | readonly RoomId[];
  /** `undefined`: all sources of the room. */
  readonly sources: readonly SourceId[] | undefined;
  readonly can: readonly Action[];
  /** Epoch milliseconds; live sessions end then. */
  readonly expiresAt: number;
  /** `iat` in epoch milliseconds, where the issuer said so. */
  readonly issuedAt: number | undefined;
  /** `jti`: names the token, gives no rights. */
  readonly tokenId: string | undefined;
  /** By whom it was given, where it ends with them. */
  readonly origin?: GrantOrigin | undefined;
}

/** Whether the grant reaches into this room at all. */
export const isForRoom = (grant: Grant, room: RoomId): boolean =>
  grant.room === '*' || grant.room === room || (isSome(grant.room) && grant.room.includes(room));

const isSome = (rooms: Grant['room']): rooms is readonly RoomId[] => typeof rooms !== 'string';

/** Whether the grant allows an action there; `admin` includes every other action. */
export function mayDo(grant: Grant, action: Action, room: RoomId, source?: SourceId): boolean {
  if (!isForRoom(grant, room)) return false;
  if (grant.can.includes('admin')) return true;
  const sourceOk =
    source === undefined || grant.sources === undefined || grant.sources.includes(source);
  return sourceOk && grant.can.includes(action);
}

/** Whether the grant may look at what is in a room and steer it; an administrator may. */
export const mayOperate = (grant: Grant, room: RoomId): boolean => mayDo(grant, 'operate', room);

/** Whether the grant may operate some room, whichever. */
export const isOperator = ({ can }: Grant): boolean =>
  can.includes('operate') || can.includes('admin');

/** Whether the grant is an administrator's of the whole gateway. */
export const isGlobalAdmin = (grant: Grant): boolean =>
  grant.room === '*' && grant.can.includes('admin');

/** What a grant would allow, of somebody who does not have it yet. */
export type Rights = Pick<Grant, 'room' | 'sources' | 'can'>;

/** Whether the giver has all of these rights. */
export function hasRights(giver: Grant, { room, sources, can }: Rights): boolean {
  if (isGlobalAdmin(giver)) return true;
  const rooms = isSome(room) ? room : [room];
  if (!rooms.every((each) => giver.room === '*' || (each !== '*' && isForRoom(giver, each)))) {
    return false;
  }
  if (giver.can.includes('admin')) return true;
  const own = giver.sources;
  const sourcesOk = own === undefined || sources?.every((source) => own.includes(source)) === true;
  return sourcesOk && can.every((action) => giver.can.includes(action));
}
