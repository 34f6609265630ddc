import { RoomId } from '../protocol/ids.ts';

const PREFIX = 'pixelcast-trial-';

/**
 * The room of a gateway's own trials at media servers. Its name tells whose it is, so it is never
 * another's.
 */
export const trialRoomOf = (gateway: string): RoomId => RoomId.parse(`${PREFIX}${gateway}`);

export const isForTrials = (room: RoomId): boolean => room.startsWith(PREFIX);
