import { RoomId } from '../../protocol/ids.ts';

/** Reads the names that a cluster gives. */
export interface NameReader {
  roomOfCapability(capability: string): RoomId | undefined;
  roomOfId(id: string): RoomId | undefined;
}

const ROOM = [
  /^\/(?:whip|whep)\/([^/]+)(?:\/[^/]*)?$/,
  /^\/ws\/(?:host|control|media)\/([^/]+)(?:\/[^/]*)?$/,
  /^\/api\/v1\/(?:diagnosis\/)?rooms\/([^/]+)(?:\/.*)?$/,
];
const CAPABILITY = [
  /^\/(?:sessions|events|layers)\/([^/]+)$/,
  /^\/events\/streams\/([^/]+)$/,
  /^\/api\/v1\/diagnosis\/diaries\/([^/]+)$/,
];
const ID = /^\/api\/v1\/sessions\/([^/]+)(?:\/diary)?$/;

/** The room that a path is about; undefined of all others, and of names that are none. */
export function roomOfPath(path: string, names: NameReader): RoomId | undefined {
  for (const pattern of ROOM) {
    const room = pattern.exec(path)?.[1];
    if (room !== undefined) return RoomId.safeParse(room).data;
  }
  for (const pattern of CAPABILITY) {
    const capability = pattern.exec(path)?.[1];
    const room = capability === undefined ? undefined : names.roomOfCapability(capability);
    if (room !== undefined) return room;
  }
  const id = ID.exec(path)?.[1];
  return id === undefined ? undefined : names.roomOfId(id);
}
