import type { RoomId, SourceId } from '../../protocol/ids.ts';

/** Where a source is: one room's, by its name there. */
export interface SourcePlace {
  readonly room: RoomId;
  readonly source: SourceId;
}
