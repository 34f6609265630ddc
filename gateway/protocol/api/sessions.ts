import { z } from 'zod';
import { EndReason } from '../end-reason.ts';
import { RoomId, SessionId, SourceId } from '../ids.ts';
import { SessionKind } from '../session-kind.ts';
import { Transport } from '../transport.ts';
import { PlayerReport } from '../viewer.ts';
import { operation } from './operation.ts';
import { page, PageQuery, QueryFlag } from './page.ts';

/** How far a session came. */
export const SessionStage = z.enum(['offering', 'connecting', 'live', 'ended']);
export type SessionStage = z.infer<typeof SessionStage>;

/** One session, of WHIP, WHEP or `/ws/media`, for admins. Times are epoch milliseconds. */
export const SessionView = z
  .object({
    id: SessionId,
    kind: SessionKind,
    room: RoomId,
    source: SourceId,
    subject: z.string(),
    /** Names the token, for its revocation. */
    jti: z.string().nullable(),
    state: SessionStage,
    endReason: EndReason.nullable(),
    transport: Transport,
    /** Name of the media server; `websocket` where the media goes through the gateway. */
    node: z.string(),
    address: z.string(),
    startedAt: z.number(),
    liveAt: z.number().nullable(),
  })
  .meta({ id: 'Session' });
export type SessionView = z.infer<typeof SessionView>;

/** One session, with what its player measured last. */
export const SessionDetail = SessionView.extend({
  /** Null: it publishes, or its player told nothing. */
  quality: PlayerReport.extend({ ageMs: z.number() }).nullable(),
});
export type SessionDetail = z.infer<typeof SessionDetail>;

export const SessionQuery = PageQuery.extend({
  room: RoomId.exactOptional(),
  source: SourceId.exactOptional(),
  subject: z.string().max(128).exactOptional(),
  kind: SessionKind.exactOptional(),
  state: SessionStage.exclude(['ended']).exactOptional(),
  transport: Transport.exactOptional(),
  order: z.enum(['oldest', 'newest']).default('oldest'),
});
export type SessionQuery = z.infer<typeof SessionQuery>;

export const listSessions = operation({
  id: 'listSessions',
  method: 'GET',
  path: '/api/v1/sessions',
  tag: 'Sessions',
  summary: 'Sessions of publishers and viewers, in the order in which they began',
  description:
    'Of the rooms that the caller may steer. `q` searches room, source, subject and address.',
  access: 'operate',
  query: SessionQuery,
  reply: page(SessionView),
});

export const getSession = operation({
  id: 'getSession',
  method: 'GET',
  path: '/api/v1/sessions/:id',
  tag: 'Sessions',
  summary: 'A session, with what its player measured last',
  access: 'operate',
  params: z.object({ id: SessionId }),
  reply: SessionDetail,
  errors: ['session-not-found'],
});

export const kickSession = operation({
  id: 'kickSession',
  method: 'DELETE',
  path: '/api/v1/sessions/:id',
  tag: 'Sessions',
  summary: 'End a session',
  description:
    'Its client is told that it was removed. With `ban` its token is taken back as well, until it would have run out.',
  access: 'operate',
  params: z.object({ id: SessionId }),
  query: z.object({ ban: QueryFlag.default(false) }),
  reply: null,
  errors: ['session-not-found'],
});
