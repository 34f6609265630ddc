import { z } from 'zod';
import { EndReason } from './end-reason.ts';
import { SessionKind } from './session-kind.ts';
import { Transport } from './transport.ts';
import { RoomId, SessionId, SessionSecret, SourceId } from './ids.ts';

/** The way of a session from its request to its first picture, in this order. */
export const DiaryStep = z.enum(['auth', 'route', 'answer', 'stun', 'dtls', 'rtp', 'frame']);
export type DiaryStep = z.infer<typeof DiaryStep>;

/** Who saw a step: the gateway's own flow, the media server's API, or the player. */
export const DiaryWitness = z.enum(['gateway', 'node', 'player']);
export type DiaryWitness = z.infer<typeof DiaryWitness>;

/** One session's way; `atMs` counts from the arrival of its request. */
export const SessionDiary = z
  .object({
    session: SessionId,
    kind: SessionKind,
    room: RoomId,
    source: SourceId,
    transport: Transport,
    node: z.string(),
    /** Epoch milliseconds. */
    beganAt: z.number(),
    entries: z.array(z.object({ step: DiaryStep, by: DiaryWitness, atMs: z.number() })),
    /** Why the player gave it up, in its own code; null while it did not. */
    problem: z.string().nullable(),
    endedAtMs: z.number().nullable(),
    endReason: EndReason.nullable(),
  })
  .meta({ id: 'SessionDiary' });
export type SessionDiary = z.infer<typeof SessionDiary>;

const sinceOffer = z.number().min(0).max(600_000).nullable();

/** What a player saw of one of its sessions, ms after its offer left; null: not yet. */
export const PlayerSteps = z.strictObject({
  type: z.literal('viewer/steps'),
  /** Last segment of the session's URL. */
  session: SessionSecret,
  stun: sinceOffer,
  dtls: sinceOffer,
  rtp: sinceOffer,
  frame: sinceOffer,
  problem: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .nullable(),
});
export type PlayerSteps = z.infer<typeof PlayerSteps>;
