import type { RoomId } from '../protocol/ids.ts';

export interface RecordingSettings {
  readonly mode: 'off' | 'on-demand' | 'all';
  /** Rooms that are recorded while somebody publishes; a `*` at the end stands for any ending. */
  readonly rooms: readonly string[];
}

/** Whether a room is recorded without being asked for. */
export function isByPolicy({ mode, rooms }: RecordingSettings, room: RoomId): boolean {
  if (mode === 'off') return false;
  if (mode === 'all') return true;
  return rooms.some((rule) =>
    rule.endsWith('*') ? room.startsWith(rule.slice(0, -1)) : room === rule,
  );
}
