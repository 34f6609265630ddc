import type { Action } from '../protocol/grant.ts';
import type { RoomId, SourceId } from '../protocol/ids.ts';

/** The verified content of a token: who, where, what, until when. */
export interface Grant {
  readonly subject: string;
  readonly room: RoomId | '*';
  /** `undefined`: all sources of the room. */
  readonly sources: readonly SourceId[] | undefined;
  readonly can: readonly Action[];
  /** Epoch milliseconds; live sessions end then. */
  readonly expiresAt: number;
  /** `iat` in epoch milliseconds, where the issuer said so. */
  readonly issuedAt: number | undefined;
  /** `jti`: names the token, gives no rights. */
  readonly tokenId: string | undefined;
}

/** Whether the grant reaches into this room at all. */
export const isForRoom = (grant: Grant, room: RoomId): boolean =>
  grant.room === '*' || grant.room === room;

/** Whether the grant allows an action there; `admin` includes every other action. */
export function mayDo(grant: Grant, action: Action, room: RoomId, source?: SourceId): boolean {
  if (!isForRoom(grant, room)) return false;
  if (grant.can.includes('admin')) return true;
  const sourceOk =
    source === undefined || grant.sources === undefined || grant.sources.includes(source);
  return sourceOk && grant.can.includes(action);
}

/** Whether the grant is an administrator's of the whole gateway. */
export const isGlobalAdmin = (grant: Grant): boolean =>
  grant.room === '*' && grant.can.includes('admin');
