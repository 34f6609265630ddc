import { randomBytes } from 'node:crypto';
import type { RoomId } from '../protocol/ids.ts';

/** Makes the names that clients get for what belongs to a room. */
export interface RoomNames {
  /** 192 random bits: whoever knows it may use it. */
  capability(room: RoomId): string;
  /** Of a session, for the API; gives no rights. */
  id(room: RoomId): string;
}

/** Of a gateway that is alone. */
export const PLAIN_NAMES: RoomNames = {
  capability: () => randomBytes(24).toString('base64url'),
  id: () => randomBytes(8).toString('hex'),
};
