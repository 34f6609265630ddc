import { z } from 'zod';
import { ControlRefusal, ControlState, Device, Rank, ViewerId } from './control.ts';

/** How somebody came to control: it was free, after waiting, as owner or admin, or from another. */
export const LeaseBegin = z.enum(['asked', 'waited', 'took', 'given']);
export type LeaseBegin = z.infer<typeof LeaseBegin>;

/** Why somebody controls no more. */
export const LeaseEnd = z.enum([
  'released',
  'taken', // by an owner or admin
  'given-away',
  'left', // said goodbye, or broke the protocol
  'lost', // its socket, longer than the grace
  'slot',
  'idle',
  'policy', // locked, or view-only
  'no-owner',
  'no-right', // came back with a lesser one
  'revoked', // token expired or taken back, or kicked
  'withdrawn', // by the API
]);
export type LeaseEnd = z.infer<typeof LeaseEnd>;

const who = { viewer: ViewerId, name: z.string(), subject: z.string() };

/** Who held control of what, and what was refused. Times are epoch milliseconds. */
export const ControlRecord = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('lease'),
    ...who,
    devices: z.array(Device),
    begin: LeaseBegin,
    from: z.number(),
    /** Null: still held. */
    to: z.number().nullable(),
    end: LeaseEnd.nullable(),
  }),
  z.object({
    type: z.literal('refused'),
    ...who,
    /** `request`, `take`, … */
    wish: z.string(),
    why: ControlRefusal,
    /** The last time, and how often in a row. */
    at: z.number(),
    times: z.int(),
  }),
]);
export type ControlRecord = z.infer<typeof ControlRecord>;

/** At most so many of the people and of the history are told. */
export const LISTED = { people: 200, history: 500 };

/** `GET /api/v1/rooms/:room/hosts/:source/control`, for admins of the room. */
export const ControlView = z
  .object({
    state: ControlState,
    people: z.array(
      z.object({
        viewer: ViewerId,
        name: z.string(),
        subject: z.string(),
        rank: Rank,
        /** Epoch milliseconds. */
        since: z.number(),
        /** Round trip on its WebSocket; null while its socket is lost or was not measured. */
        rttMs: z.number().nullable(),
        present: z.boolean(),
      }),
    ),
    peopleCount: z.int(),
    /** Oldest first. */
    history: z.array(ControlRecord),
  })
  .meta({ id: 'Control' });
export type ControlView = z.infer<typeof ControlView>;

const viewer = ViewerId;
/** `POST` there: ends what a viewer holds, gives it everything, or takes it out of the queue. */
export const ControlAction = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('release'), viewer }),
  z.strictObject({ action: z.literal('give'), viewer }),
  z.strictObject({ action: z.literal('deny'), viewer }),
]);
export type ControlAction = z.infer<typeof ControlAction>;
