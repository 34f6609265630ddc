import { z } from 'zod';
import type { Grant } from '../auth/grant.ts';
import { ControlPolicy, Device, Rank, ResumeSecret, ViewerId } from '../protocol/control.ts';
import { Action, GrantOrigin } from '../protocol/grant.ts';
import { RoomId, SessionId, SessionSecret, SourceId } from '../protocol/ids.ts';
import { SessionKind } from '../protocol/session-kind.ts';
import type { KeptControl, KeptPolicy } from '../rooms/control/kept-control.ts';
import type { KeptSession } from '../rooms/kept-session.ts';

/** What a gateway finds of a room that was at home elsewhere. */
export interface KeptRoom {
  readonly sessions: readonly KeptSession[];
  readonly controls: readonly KeptControl[];
  readonly policies: readonly KeptPolicy[];
}

const absent = <T extends z.ZodType>(schema: T) => schema.optional();

const GrantText: z.ZodType<Grant> = z
  .object({
    subject: z.string(),
    room: z.union([z.literal('*'), RoomId, z.array(RoomId)]),
    sources: absent(z.array(SourceId)),
    can: z.array(Action),
    expiresAt: z.number(),
    issuedAt: absent(z.number()),
    tokenId: absent(z.string()),
    origin: GrantOrigin.optional(),
  })
  .transform((grant) => ({
    ...grant,
    sources: grant.sources,
    issuedAt: grant.issuedAt,
    tokenId: grant.tokenId,
  }));

const NodePlaceText = z.object({ service: z.string(), clientId: z.string() });

const SessionText: z.ZodType<KeptSession> = z.object({
  id: SessionId,
  secret: SessionSecret,
  etag: z.string(),
  kind: SessionKind,
  room: RoomId,
  source: SourceId,
  grant: GrantText,
  address: z.string(),
  node: z.string(),
  place: NodePlaceText,
  startedAt: z.number(),
  arrival: z.object({
    at: z.number(),
    authenticatedAt: z.number(),
    request: absent(z.string()),
  }),
  answeredAt: z.number(),
  liveAt: z.number().nullable(),
  media: z.object({
    video: z.enum(['h264', 'h265', 'vp8', 'vp9', 'av1']).nullable(),
    audio: z.literal('opus').nullable(),
    videoMid: z.string().nullable(),
    offerUfrags: z.array(z.string()),
  }),
  announced: z.object({
    layers: absent(z.string()),
    events: absent(
      z.object({
        id: z.string(),
        endpoint: absent(z.string()),
        streams: z.array(z.object({ id: z.string(), names: z.array(z.string()) })),
      }),
    ),
  }),
});

const LeaseText = z.object({ holder: ViewerId, heldMs: z.number() }).nullable();

const ControlText: z.ZodType<KeptControl> = z.object({
  source: SourceId,
  epoch: z.int().min(0),
  at: z.number(),
  people: z.array(
    z.object({
      viewer: ViewerId,
      resume: ResumeSecret,
      name: z.string(),
      since: z.number(),
      grant: GrantText,
      rank: Rank,
    }),
  ),
  leases: z.object({ pointer: LeaseText, keyboard: LeaseText, gamepad: LeaseText }),
  queue: z.array(z.object({ viewer: ViewerId, devices: z.array(Device), waitedMs: z.number() })),
  hands: z.array(ViewerId),
  denied: z.array(z.object({ viewer: ViewerId, leftMs: z.number() })),
});

const PolicyText: z.ZodType<KeptPolicy> = z.object({ source: SourceId, policy: ControlPolicy });

/**
 * Fields and texts as Redis answers them. What this version does not know is in `unread`, by its
 * field.
 */
export function readRoom(
  flat: readonly string[],
): KeptRoom & { readonly unread: readonly string[] } {
  const room = {
    sessions: [] as KeptSession[],
    controls: [] as KeptControl[],
    policies: [] as KeptPolicy[],
    unread: [] as string[],
  };
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const [field = '', text = ''] = [flat[index], flat[index + 1]];
    const isRead =
      field === 'term' ||
      (field.startsWith('s:') && into(room.sessions, SessionText, text)) ||
      (field.startsWith('c:') && into(room.controls, ControlText, text)) ||
      (field.startsWith('p:') && into(room.policies, PolicyText, text));
    if (!isRead) room.unread.push(field);
  }
  return room;
}

function into<T>(list: T[], schema: z.ZodType<T>, text: string): boolean {
  const parsed = schema.safeParse(jsonOf(text));
  if (!parsed.success) return false;
  list.push(parsed.data);
  return true;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
