import { z } from 'zod';
import { HostState } from '../host.ts';
import { RoomId, SourceId } from '../ids.ts';
import { RoomRecording } from '../room-recording.ts';
import { Transport } from '../transport.ts';
import { operation } from './operation.ts';
import { page, PageQuery } from './page.ts';

/** One published source of a room, as pages show it. */
export const SourceView = z
  .object({
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
  })
  .meta({ id: 'Source' });
export type SourceView = z.infer<typeof SourceView>;

/** `GET /api/v1/rooms/:room`, for any valid grant of the room. */
export const RoomView = z
  .object({
    room: RoomId,
    sources: z.array(SourceView),
    /** Sources that a host brings; one that is `idle` starts when somebody watches. */
    hosts: z
      .array(z.object({ source: SourceId, state: HostState, kind: z.string() }))
      .exactOptional(),
    ...RoomRecording.shape,
  })
  .meta({ id: 'Room' });
export type RoomView = z.infer<typeof RoomView>;

export const listRooms = operation({
  id: 'listRooms',
  method: 'GET',
  path: '/api/v1/rooms',
  tag: 'Rooms',
  summary: 'Rooms in which somebody publishes, watches or hosts, by name',
  description: 'Of the rooms that the caller may steer. `q` searches the names.',
  access: 'operate',
  query: PageQuery,
  reply: page(RoomView),
});

export const getRoom = operation({
  id: 'getRoom',
  method: 'GET',
  path: '/api/v1/rooms/:room',
  tag: 'Rooms',
  summary: 'A room and its sources',
  description: 'A room in which nobody is is empty, not missing.',
  access: 'look',
  params: z.object({ room: RoomId }),
  reply: RoomView,
});
