import { Router } from 'express';
import { mayOperate, type Grant } from '../../auth/grant.ts';
import type { AuditLog } from '../../audit/audit-log.ts';
import {
  deleteRecording,
  getRecording,
  linkRecording,
  linkRecordings,
  listRecordings,
  RecordingId,
  startRecording,
  stopRecording,
  type RecordingLinks,
} from '../../protocol/api/recordings.ts';
import type { RoomId } from '../../protocol/ids.ts';
import { STOPS } from '../../recordings/causes.ts';
import type { LinkTickets } from '../../recordings/link-tickets.ts';
import { viewOf, type Recording } from '../../recordings/recording.ts';
import type { Recordings } from '../../recordings/recordings.ts';
import type { AdminAccess } from '../admin-access.ts';
import type { RecordingPlaces } from '../cluster/hand-recordings-on.ts';
import { linksElsewhere } from '../cluster/links-elsewhere.ts';
import { actOf } from '../audit-entry.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { mediaRoutes } from './recording-media.ts';
import { serve } from './serve-operation.ts';

export interface RecordingRouteDeps extends AdminAccess, RecordingPlaces {
  readonly recordings: Recordings;
  readonly linkTickets: LinkTickets;
  readonly audit: AuditLog;
  readonly now: () => number;
}

/** `/api/v1/recordings`: for whoever steers their rooms. */
export function recordingRoutes(deps: RecordingRouteDeps): Router {
  const { recordings, linkTickets, audit, now } = deps;
  const { desk, keeper } = recordings;
  const router = Router({ caseSensitive: true, strict: true });
  const require = (grant: Grant, id: RecordingId): Recording =>
    desk.require(id, (room: RoomId) => mayOperate(grant, room));

  serve(router, deps, listRecordings, ({ grant, query: { cursor, limit, ...query } }) => {
    const after = readCursor(cursor, RecordingId);
    const mayShow = (room: RoomId): boolean => mayOperate(grant, room);
    const found = recordings.index.find({ ...query, after, limit, mayShow });
    return {
      items: found.recordings.map(viewOf),
      next: found.next === null ? null : writeCursor(found.next),
      total: found.total,
    };
  });
  serve(router, deps, getRecording, ({ grant, params: { id } }) => viewOf(require(grant, id)));
  serve(router, deps, startRecording, async ({ grant, params, body, req, res }) => {
    const { room } = params;
    const { sources = null, reason } = body;
    const recording = await desk.start({ room, sources, by: grant.subject, reason });
    const target = { recording: recording.id, room, sources: sources ?? undefined };
    audit.acted(actOf(req, res, { act: 'recording-started', target }));
    return viewOf(recording);
  });
  serve(router, deps, stopRecording, async ({ grant, params: { id }, req, res }) => {
    const recording = require(grant, id);
    if (recording.state === 'recording') {
      await desk.stop(recording, grant.subject, STOPS.person);
      const target = { recording: id, room: recording.room };
      audit.acted(actOf(req, res, { act: 'recording-stopped', target }));
    }
    return viewOf(recording);
  });
  serve(router, deps, deleteRecording, async ({ grant, params: { id }, req, res }) => {
    const recording = require(grant, id);
    await desk.stop(recording, grant.subject, STOPS.deleted);
    await keeper.delete(recording, grant.subject, 'Somebody deleted it.');
    const target = { recording: id, room: recording.room };
    audit.acted(actOf(req, res, { act: 'recording-deleted', target }));
    return undefined;
  });
  serve(router, deps, linkRecording, ({ grant, params: { id }, body: { ttlSeconds } }) => {
    const recording = require(grant, id);
    const expiresAt = now() + ttlSeconds * 1000;
    return linksOf(recording, linkTickets.issue(id, expiresAt), expiresAt);
  });
  serve(router, deps, linkRecordings, async ({ grant, body, req }) => {
    const { recordings: ids, ttlSeconds } = body;
    const expiresAt = now() + ttlSeconds * 1000;
    const items = ids.flatMap((id) => {
      const recording = recordings.index.byId(id);
      if (recording === undefined || !mayOperate(grant, recording.room)) return [];
      const links = linksOf(recording, linkTickets.issue(id, expiresAt), expiresAt);
      return [{ recording: id, ...links }];
    });
    return { items: [...items, ...(await linksElsewhere(deps, req, body))] };
  });
  router.use(mediaRoutes(deps));
  return router;
}

function linksOf(
  { id, parts, journal }: Recording,
  ticket: string,
  expiresAt: number,
): RecordingLinks {
  const base = `/api/v1/recordings/${id}`;
  const query = `?ticket=${ticket}`;
  return {
    parts: parts
      .filter(({ state }) => state === 'ready')
      .map((part) => ({
        id: part.id,
        url: `${base}/parts/${part.id}.mp4${query}`,
        thumbnails: `${base}/parts/${part.id}/thumbnails/:n.jpg${query}`,
      })),
    journal: journal ? `${base}/journal${query}` : null,
    expiresAt,
  };
}
