import { RoomId } from '../../../gateway/protocol/ids.ts';

/** Rooms as they are written in a field: `*`, or names with commas. Throws RangeError on any other. */
export function readRooms(text: string): '*' | RoomId[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 1 && names[0] === '*') return '*';
  return names.map((name) => readRoom(name));
}

/** The name of a room. Throws RangeError on any other. */
export function readRoom(text: string): RoomId {
  const room = RoomId.safeParse(text.trim());
  if (room.success) return room.data;
  throw new RangeError('A room’s name has up to 64 letters, digits, “_” and “-”.');
}

/** The same way back. */
export const showRooms = (rooms: '*' | readonly string[]): string =>
  rooms === '*' ? '*' : rooms.join(', ');
