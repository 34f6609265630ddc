import { z } from 'zod';
import { EndReason } from './end-reason.ts';
import { Device } from './control.ts';
import { LeaseBegin, LeaseEnd } from './control-record.ts';
import { RoomId, SessionId, SourceId } from './ids.ts';
import { SessionKind } from './session-kind.ts';
import { Transport } from './transport.ts';

const event = <Type extends string, Place extends z.ZodRawShape, Data extends z.ZodRawShape>(
  type: Type,
  place: Place,
  data: Data,
) =>
  z.object({
    /** A UUID of version 7: unique, and in the order of events as text. */
    id: z.uuid(),
    type: z.literal(type),
    /** Epoch milliseconds. */
    at: z.number(),
    ...place,
    data: z.object(data),
  });

const room = { room: RoomId };
const source = { room: RoomId, source: SourceId };
const session = { room: RoomId, source: SourceId, session: SessionId };

const who = { kind: SessionKind, transport: Transport, subject: z.string(), node: z.string() };
const controller = {
  viewer: z.string(),
  name: z.string(),
  subject: z.string(),
  devices: z.array(Device),
  /** `sub` of whoever decided; null: a rule did, or its holder. */
  by: z.string().nullable(),
};
const host = { subject: z.string(), kind: z.string(), version: z.string() };
const recording = { recording: z.string() };
/** `node`: the media server in it; null: none is known there. */
const container = { container: z.string(), node: z.string().nullable(), detail: z.string() };
const node = { node: z.string(), version: z.string().nullable(), detail: z.string() };

/** What happened in a gateway, for pages and for the systems of integrators. */
export const GatewayEvent = z.discriminatedUnion('type', [
  /** Its first session is there. */
  event('room.opened', room, {}),
  /** Its last session ended. */
  event('room.closed', room, {}),
  /** Media flows in the first of its modes. */
  event('source.started', source, { subject: z.string(), transport: Transport }),
  /** It flows in none any more. */
  event('source.ended', source, { subject: z.string(), reason: EndReason, durationMs: z.number() }),
  event('session.opened', session, who),
  event('session.live', session, who),
  /** `durationMs` counts from live; null of one that never was. */
  event('session.ended', session, {
    ...who,
    reason: EndReason,
    durationMs: z.number().nullable(),
  }),
  event('control.granted', source, { ...controller, how: LeaseBegin }),
  event('control.ended', source, { ...controller, why: LeaseEnd }),
  event('host.online', source, host),
  event('host.offline', source, host),
  event('recording.started', room, { ...recording, by: z.string(), sources: z.array(SourceId) }),
  /** Nothing is added to it any more; `ready` or `failed` follows. */
  event('recording.stopped', room, { ...recording, by: z.string().nullable(), why: z.string() }),
  /** It can be played. */
  event('recording.ready', room, {
    ...recording,
    parts: z.number(),
    bytes: z.number(),
    durationMs: z.number(),
  }),
  event('recording.failed', room, { ...recording, detail: z.string() }),
  event('recording.deleted', room, { ...recording, by: z.string().nullable(), why: z.string() }),
  /** The gateway knows of it, and asks who it is. */
  event('node.added', {}, node),
  /** It serves, for the first time or again. */
  event('node.up', {}, node),
  /** Its sessions are gone. */
  event('node.down', {}, node),
  /** No new source goes there, or again. */
  event('node.cordoned', {}, node),
  event('node.uncordoned', {}, node),
  /** It is being emptied; `drained` follows once nothing is left there. */
  event('node.draining', {}, node),
  event('node.drained', {}, node),
  /** The gateway knows it no more. */
  event('node.removed', {}, node),
  /** A container with our label runs. */
  event('container.started', {}, container),
  /** It ended; `exitCode` null: nobody said. */
  event('container.stopped', {}, { ...container, exitCode: z.number().nullable() }),
  /** Work at containers is over: one was added, taken away, repaired, or given another image. */
  event('container.changed', {}, { ...container, work: z.string(), ok: z.boolean() }),
  /** The Docker engine answers, for the first time or again. */
  event('docker.up', {}, { version: z.string() }),
  /** It does not; what runs there goes on. */
  event('docker.down', {}, { detail: z.string() }),
  /** Sent to one webhook because somebody asked for it; on no stream. */
  event('webhook.test', {}, { webhook: z.string() }),
  /** Its receiver failed for long; nothing is sent there until somebody enables it. */
  event('webhook.disabled', {}, { webhook: z.string(), url: z.string(), why: z.string() }),
]);
export type GatewayEvent = z.infer<typeof GatewayEvent>;

export type GatewayEventType = GatewayEvent['type'];
export const GatewayEventType = z.enum(
  GatewayEvent.options.map(({ shape }) => shape.type.value) as [
    GatewayEventType,
    ...GatewayEventType[],
  ],
);

/** What happens to media servers. */
export type NodeNews = Extract<GatewayEventType, `node.${string}`>;

type WithoutId<Event> = Event extends unknown ? Omit<Event, 'id' | 'at'> : never;
/** An event as its origin tells it. */
export type GatewayNews = WithoutId<GatewayEvent>;
