import { z } from 'zod';
import { AddressView } from './addresses.ts';
import { Action, PrintableName } from './grant.ts';
import { HostState } from './host.ts';
import { RoomId, SessionId, SourceId } from './ids.ts';
import { Transport } from './transport.ts';

export const SessionKind = z.enum(['publish', 'watch']);
export type SessionKind = z.infer<typeof SessionKind>;

/** Why a session ended, in the words of the API and the log. */
export const EndReason = z.enum([
  'client', // DELETE of the session URL, or its socket said goodbye
  'left', // the media server saw the peer leave or time out, or its socket was lost
  'never-connected', // a publisher whose ICE or DTLS did not come up
  'kicked',
  'replaced', // the same person published the same source again
  'expired', // the token ran out
  'revoked', // the token was taken back
  'refused', // the offer never became a session
  'broke-protocol', // what came on its socket breaks the protocol, or was too much
  'node-lost', // the media server restarted or vanished
  'shutdown',
]);
export type EndReason = z.infer<typeof EndReason>;

/** One published source of a room, as pages show it. */
export const SourceView = z.object({
  source: SourceId,
  /** In any mode. */
  live: z.boolean(),
  /** The modes in which it is live. */
  transports: z.array(Transport),
  /** In all modes. */
  viewers: z.number().int(),
  /** Of the publisher by WebRTC; null without one. */
  video: z.string().nullable(),
  audio: z.string().nullable(),
  sinceMs: z.number().nullable(),
});
export type SourceView = z.infer<typeof SourceView>;

/** `GET /api/v1/rooms/:room`, for any valid grant of the room. */
export const RoomView = z.object({
  room: RoomId,
  sources: z.array(SourceView),
  /** Sources that a host brings; one that is `idle` starts when somebody watches. */
  hosts: z
    .array(z.object({ source: SourceId, state: HostState, kind: z.string() }))
    .exactOptional(),
});
export type RoomView = z.infer<typeof RoomView>;

/** One session, of WHIP, WHEP or `/ws/media`, for admins. Times are epoch milliseconds. */
export const SessionView = z.object({
  id: SessionId,
  kind: SessionKind,
  room: RoomId,
  source: SourceId,
  subject: z.string(),
  /** Names the token, for its revocation. */
  jti: z.string().nullable(),
  state: z.enum(['offering', 'connecting', 'live', 'ended']),
  endReason: EndReason.nullable(),
  transport: Transport,
  /** Name of the media server; `websocket` where the media goes through the gateway. */
  node: z.string(),
  address: z.string(),
  startedAt: z.number(),
  liveAt: z.number().nullable(),
});
export type SessionView = z.infer<typeof SessionView>;

/** One SRS-contract server, for admins. */
export const NodeView = z.object({
  node: z.string(),
  version: z.string().nullable(),
  healthy: z.boolean(),
  detail: z.string(),
  sessions: z.number().int(),
  addresses: AddressView,
});
export type NodeView = z.infer<typeof NodeView>;

/** `POST /api/v1/tokens`. `ttlSeconds` 60 s to 30 days. */
export const TokenRequest = z.object({
  sub: PrintableName,
  room: z.union([z.literal('*'), RoomId]),
  sources: z.array(SourceId).min(1).max(16).exactOptional(),
  can: z.array(Action).min(1).max(5),
  ttlSeconds: z
    .number()
    .int()
    .min(60)
    .max(30 * 24 * 3600)
    .default(3600),
});
export type TokenRequest = z.infer<typeof TokenRequest>;

/** `jti` names the token for its revocation. */
export const TokenReply = z.object({ token: z.string(), expiresAt: z.number(), jti: z.string() });
export type TokenReply = z.infer<typeof TokenReply>;
