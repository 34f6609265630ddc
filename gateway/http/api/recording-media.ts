import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router, type Request, type Response } from 'express';
import { mayOperate } from '../../auth/grant.ts';
import { GatewayError } from '../../errors.ts';
import {
  getRecordingJournal,
  getRecordingPart,
  getRecordingThumbnail,
  type RecordingId,
} from '../../protocol/api/recordings.ts';
import { journalFile } from '../../recordings/journal/journal-companion.ts';
import { readJournal } from '../../recordings/journal/read-journal.ts';
import type { LinkTickets } from '../../recordings/link-tickets.ts';
import type { Recording } from '../../recordings/recording.ts';
import type { Recordings } from '../../recordings/recordings.ts';
import { thumbnailFolder } from '../../recordings/thumbnails/thumbnails.ts';
import type { AdminAccess } from '../admin-access.ts';
import { operatorGrant } from '../authenticate.ts';
import { serve } from './serve-operation.ts';

export interface MediaRouteDeps extends AdminAccess {
  readonly recordings: Recordings;
  readonly linkTickets: LinkTickets;
}

/** One file of a recording as it is answered. */
interface Served {
  readonly file: string;
  readonly type: string;
  /** Offered under this name where the client wants to save it. */
  readonly name: string;
}

/** The bytes of recordings: media, thumbnails and journals. */
export function mediaRoutes(deps: MediaRouteDeps): Router {
  const { recordings } = deps;
  const { folders } = recordings;
  const router = Router({ caseSensitive: true, strict: true });

  serve(router, deps, getRecordingPart, async ({ params: { id, file }, query, req, res }) => {
    const recording = await readable(deps, req, id, query.ticket);
    const part = recording.parts.find((each) => `${each.id}.mp4` === file);
    if (part?.state !== 'ready') throw missing();
    const served = {
      file: folders.media(id, part.id),
      type: 'video/mp4',
      name: `${recording.room}-${part.source}-${stamp(part.startedAt)}.mp4`,
    };
    await send(deps, res, served, query.download === '1');
    return undefined;
  });
  serve(router, deps, getRecordingThumbnail, async ({ params, query, req, res }) => {
    const { id, part, file } = params;
    await readable(deps, req, id, query.ticket);
    const served = {
      file: join(thumbnailFolder(folders.folder(id), part), file),
      type: 'image/jpeg',
      name: `${part}-${file}`,
    };
    await send(deps, res, served, query.download === '1');
    return undefined;
  });
  serve(router, deps, getRecordingJournal, async ({ params: { id }, query, req, res }) => {
    const { room, startedAt } = await readable(deps, req, id, query.ticket);
    const { from = 0, to = Infinity, only, download } = query;
    const name = `${room}-${stamp(startedAt)}.ndjson`;
    res.set('Content-Type', 'application/x-ndjson');
    res.set('Cache-Control', 'private, no-store');
    res.set('Content-Disposition', download === '1' ? `attachment; filename="${name}"` : 'inline');
    const file = journalFile(folders.folder(id));
    const wish = { from, to, controlOnly: only === 'control' };
    await sendLines(res, (await folders.size(file)) === null ? [] : readJournal(file, wish));
    return undefined;
  });
  return router;
}

/** The recording, for whoever may steer its room or has a ticket. @throws GatewayError */
async function readable(
  deps: MediaRouteDeps,
  req: Request,
  id: RecordingId,
  ticket: string | undefined,
): Promise<Recording> {
  const { recordings, linkTickets } = deps;
  if (ticket === undefined) {
    const grant = await operatorGrant(req, deps);
    return recordings.desk.require(id, (room) => mayOperate(grant, room));
  }
  if (!linkTickets.isValid(ticket, id)) {
    throw new GatewayError('token-invalid', 'The ticket of this link is over, or wrong.');
  }
  return recordings.desk.require(id, () => true);
}

/** Answers ranges and conditions (RFC 9110 §13, §14); a link in the file system is no file. */
async function send(
  { recordings }: MediaRouteDeps,
  res: Response,
  { file, type, name }: Served,
  save: boolean,
): Promise<void> {
  const size = await recordings.folders.size(file);
  if (size === null) throw missing();
  // Its name is never given to other bytes, unless they have another size.
  res.set('ETag', `"${basename(file)}-${size.toString(36)}"`);
  res.set('Content-Type', type);
  res.set('Content-Disposition', save ? `attachment; filename="${name}"` : 'inline');
  if (!takesRange(res.req, size)) delete res.req.headers.range;
  const options = { root: resolve(dirname(file)), dotfiles: 'allow', cacheControl: false } as const;
  res.set('Cache-Control', 'private, no-cache');
  await new Promise<void>((done, fail) => {
    res.sendFile(basename(file), options, (error?: Error) => {
      // A player that seeks ends the answer it reads.
      if (error === undefined || res.headersSent) done();
      else fail(refusalOf(error, res, size));
    });
  });
}

/**
 * RFC 9110 §14.2: ranges are for GET alone; §13.1.5: a weak entity tag matches nothing; §14.1.2:
 * the last bytes of more than there are, are all of them.
 */
function takesRange(req: Request, size: number): boolean {
  const last = /^bytes=-(\d+)$/.exec(req.get('range') ?? '')?.[1];
  return (
    req.method === 'GET' &&
    !/^\s*W\//.test(req.get('if-range') ?? '') &&
    (last === undefined || Number(last) <= size)
  );
}

/** One line for each; a client that is gone ends it. */
async function sendLines(
  res: Response,
  entries: AsyncIterable<unknown> | Iterable<unknown>,
): Promise<void> {
  const lines = async function* (): AsyncGenerator<string> {
    for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
  };
  await pipeline(Readable.from(lines()), res).catch((error: unknown) => {
    if (!res.headersSent) throw error;
  });
}

function refusalOf(error: Error, res: Response, size: number): Error {
  const { status } = error as { status?: number };
  for (const header of ['ETag', 'Content-Disposition', 'Last-Modified', 'Accept-Ranges'])
    res.removeHeader(header);
  if (status === 416) {
    res.set('Content-Range', `bytes */${size}`);
    return new GatewayError('range-not-satisfiable', `There are ${size} bytes.`);
  }
  if (status === 412) return new GatewayError('precondition-failed', 'The file is another one.');
  return status === 404 ? missing() : error;
}

/** Of the universal time, as it may stand in a file name. */
const stamp = (atMs: number): string =>
  new Date(atMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');

const missing = (): GatewayError =>
  new GatewayError('recording-not-found', 'There is no such file, or not yet, or no longer.');
