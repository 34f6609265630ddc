import { Router } from 'express';
import { mayOperate, type Grant } from '../../auth/grant.ts';
import { getRoom, listRooms, type RoomView } from '../../protocol/api/rooms.ts';
import { RoomId } from '../../protocol/ids.ts';
import type { Recordings } from '../../recordings/recordings.ts';
import type { HostDesk } from '../../rooms/hosts/host-desk.ts';
import type { Sessions } from '../../rooms/sessions.ts';
import type { AdminAccess } from '../admin-access.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { pageOfNames } from './name-page.ts';
import { serve } from './serve-operation.ts';

export interface RoomRouteDeps extends AdminAccess {
  readonly sessions: Sessions;
  readonly hostDesk: HostDesk;
  readonly recordings: Recordings;
}

/** `/api/v1/rooms`: for whoever has a grant there. */
export function roomRoutes(deps: RoomRouteDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });

  serve(router, deps, listRooms, ({ grant, query: { cursor, limit, q } }) => {
    const after = readCursor(cursor, RoomId);
    const { names, next, total } = pageOfNames(roomsOf(deps, grant, q), { after, limit });
    return {
      items: names.map((room) => roomView(deps, room)),
      next: next === null ? null : writeCursor(next),
      total,
    };
  });
  serve(router, deps, getRoom, ({ params: { room } }) => roomView(deps, room));
  return router;
}

function roomsOf({ sessions, hostDesk }: RoomRouteDeps, grant: Grant, q = ''): Iterable<RoomId> {
  const text = q.toLowerCase();
  const rooms = new Set([...sessions.registry.rooms().map(({ id }) => id), ...hostDesk.rooms()]);
  return [...rooms].filter(
    (room) => mayOperate(grant, room) && (text === '' || room.toLowerCase().includes(text)),
  );
}

function roomView({ sessions, hostDesk, recordings }: RoomRouteDeps, room: RoomId): RoomView {
  const sources = sessions.registry.room(room)?.toView() ?? [];
  const hosts = hostDesk.outline(room);
  return {
    room,
    sources,
    ...(hosts.length === 0 ? {} : { hosts }),
    ...recordings.desk.outline(room),
  };
}
