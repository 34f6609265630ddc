import { z } from 'zod';
import { RoomId, SourceId } from '../ids.ts';
import { operation } from './operation.ts';
import { page, PageQuery } from './page.ts';

/** Names a recording in paths and files. */
export const RecordingId = z
  .string()
  .regex(/^[0-9a-z]{16}$/)
  .brand<'RecordingId'>();
export type RecordingId = z.infer<typeof RecordingId>;

/** Names a part within its recording. */
export const PartId = z
  .string()
  .regex(/^[0-9a-z]{8}$/)
  .brand<'PartId'>();
export type PartId = z.infer<typeof PartId>;

/**
 * `recording`: media is being written; `processing`: what was written is made playable; `ready`;
 * `failed`: there is nothing to play, `detail` says why.
 */
export const RecordingState = z.enum(['recording', 'processing', 'ready', 'failed']);
export type RecordingState = z.infer<typeof RecordingState>;

/** Who wanted a recording: a program, a person on a page, or the settings. */
export const RecordingReason = z.enum(['api', 'page', 'policy']);
export type RecordingReason = z.infer<typeof RecordingReason>;

/** One publication of a source, as far as it fell into a recording. */
export const RecordingPart = z.object({
  id: PartId,
  source: SourceId,
  /** Who published; empty where nobody knows any more. */
  subject: z.string(),
  /** Of its first moment, epoch milliseconds. */
  startedAt: z.number(),
  /** Of its first moment, since the recording's start. */
  offsetMs: z.number(),
  /** 0 until it is ready. */
  durationMs: z.number(),
  bytes: z.number().int(),
  state: RecordingState,
  /** Why it failed, or ends before its publication; else empty. */
  detail: z.string(),
  /** Codecs (`H264`, `VP8`, `VP9`, `AV1`; `Opus`, `AAC`); null while unknown and where there is none. */
  video: z.string().nullable(),
  audio: z.string().nullable(),
  /** Of the first picture; it may change later. */
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  /** How many there are, from 0 on. */
  thumbnails: z.number().int(),
  /** The media server that wrote it. */
  node: z.string(),
});
export type RecordingPart = z.infer<typeof RecordingPart>;

/** A recording of a room, from start to stop. Times are epoch milliseconds. */
export const RecordingView = z.object({
  id: RecordingId,
  room: RoomId,
  /** All sources when null. */
  sources: z.array(SourceId).nullable(),
  state: RecordingState,
  startedAt: z.number(),
  /** Null until it is stopped. */
  endedAt: z.number().nullable(),
  startedBy: z.string(),
  reason: RecordingReason,
  bytes: z.number().int(),
  /** From its start to the end of its last part. */
  durationMs: z.number(),
  /** What was not recorded, and why; else empty. */
  detail: z.string(),
  /** Whether there is a journal of the input. */
  journal: z.boolean(),
  /** In the order of their starts. */
  parts: z.array(RecordingPart),
});
export type RecordingView = z.infer<typeof RecordingView>;

/** Longest life of a link, in seconds: 12 h. */
export const MAX_LINK_SECONDS = 12 * 3600;

const LinkSeconds = z
  .int()
  .min(60)
  .max(MAX_LINK_SECONDS)
  .default(4 * 3600);

/** Recordings that are linked by one request. */
export const MAX_LINKED_AT_ONCE = 200;

/** Addresses for elements that cannot send a token, relative to the gateway. */
export const RecordingLinks = z.object({
  /** Of each part that is ready; append `&download=1` to save it as a file. */
  parts: z.array(
    z.object({
      id: PartId,
      url: z.string(),
      /** `:n` stands for the number of a thumbnail. */
      thumbnails: z.string(),
    }),
  ),
  journal: z.string().nullable(),
  /** Epoch milliseconds. */
  expiresAt: z.number(),
});
export type RecordingLinks = z.infer<typeof RecordingLinks>;

const OneRecording = z.object({ id: RecordingId });

export const listRecordings = operation({
  id: 'listRecordings',
  method: 'GET',
  path: '/api/v1/recordings',
  tag: 'Recordings',
  summary: 'Recordings, newest first',
  description: 'Of the rooms that the caller may steer. `q` searches rooms and who started.',
  access: 'operate',
  query: PageQuery.extend({ room: RoomId.exactOptional(), state: RecordingState.exactOptional() }),
  reply: page(RecordingView),
});

export const getRecording = operation({
  id: 'getRecording',
  method: 'GET',
  path: '/api/v1/recordings/:id',
  tag: 'Recordings',
  summary: 'A recording and its parts',
  access: 'operate',
  params: OneRecording,
  reply: RecordingView,
  errors: ['recording-not-found'],
});

export const startRecording = operation({
  id: 'startRecording',
  method: 'POST',
  path: '/api/v1/rooms/:room/recordings',
  tag: 'Recordings',
  summary: 'Record a room from now on',
  description:
    'What is published there, and what will be until it is stopped. A room has one recording at a time.',
  access: 'operate',
  params: z.object({ room: RoomId }),
  body: z.object({
    /** All sources when absent. */
    sources: z.array(SourceId).min(1).max(16).exactOptional(),
    reason: RecordingReason.exclude(['policy']).default('api'),
  }),
  reply: RecordingView,
  status: 201,
  errors: ['recording-running', 'recording-off', 'storage-full'],
});

export const stopRecording = operation({
  id: 'stopRecording',
  method: 'POST',
  path: '/api/v1/recordings/:id/stop',
  tag: 'Recordings',
  summary: 'End a recording; it is made playable then',
  description: 'One that has ended stays as it is.',
  access: 'operate',
  params: OneRecording,
  reply: RecordingView,
  errors: ['recording-not-found'],
});

export const deleteRecording = operation({
  id: 'deleteRecording',
  method: 'DELETE',
  path: '/api/v1/recordings/:id',
  tag: 'Recordings',
  summary: 'Delete a recording and all its files; one that runs is ended first',
  access: 'operate',
  params: OneRecording,
  reply: null,
  errors: ['recording-not-found'],
});

export const linkRecording = operation({
  id: 'linkRecording',
  method: 'POST',
  path: '/api/v1/recordings/:id/links',
  tag: 'Recordings',
  summary: 'Addresses of its media that need no token, for a while',
  access: 'operate',
  params: OneRecording,
  body: z.object({
    ttlSeconds: LinkSeconds,
  }),
  reply: RecordingLinks,
  errors: ['recording-not-found'],
});

export const linkRecordings = operation({
  id: 'linkRecordings',
  method: 'POST',
  path: '/api/v1/recordings/links',
  tag: 'Recordings',
  summary: 'The same of several recordings at once',
  description: 'Of those that are there and that the caller may see; the others are left out.',
  access: 'operate',
  body: z.object({
    recordings: z.array(RecordingId).min(1).max(MAX_LINKED_AT_ONCE),
    ttlSeconds: LinkSeconds,
  }),
  reply: z.object({ items: z.array(RecordingLinks.extend({ recording: RecordingId })) }),
});

/** The ticket of a link, and whether the answer is to be saved as a file. */
export const MediaQuery = z.object({
  ticket: z.string().max(512).exactOptional(),
  download: z.literal('1').exactOptional(),
});

const media = {
  tag: 'Recordings',
  description:
    'By a token or session that may operate the room, or by the `ticket` of a link. Knows Range, If-Range, ETag and HEAD.',
  access: 'open',
  query: MediaQuery,
} as const;

export const getRecordingPart = operation({
  ...media,
  id: 'getRecordingPart',
  method: 'GET',
  path: '/api/v1/recordings/:id/parts/:file',
  summary: 'The media of a part: `<part>.mp4`',
  params: OneRecording.extend({ file: z.string().regex(/^[0-9a-z]{8}\.mp4$/) }),
  reply: { media: ['video/mp4'] },
  errors: ['recording-not-found', 'range-not-satisfiable'],
});

export const getRecordingThumbnail = operation({
  ...media,
  id: 'getRecordingThumbnail',
  method: 'GET',
  path: '/api/v1/recordings/:id/parts/:part/thumbnails/:file',
  summary: 'A picture of a part: `<n>.jpg`',
  params: OneRecording.extend({ part: PartId, file: z.string().regex(/^\d{1,4}\.jpg$/) }),
  reply: { media: ['image/jpeg'] },
  errors: ['recording-not-found'],
});

const recordingMs = z.coerce.number<number>().min(0).max(1e12).exactOptional();

export const getRecordingJournal = operation({
  ...media,
  id: 'getRecordingJournal',
  method: 'GET',
  path: '/api/v1/recordings/:id/journal',
  summary: 'The input of a recording, a JSON object on each line',
  description: 'By a token or session that may operate the room, or by the `ticket` of a link.',
  params: OneRecording,
  query: MediaQuery.extend({
    /** Milliseconds since the recording began, both included. */
    from: recordingMs,
    to: recordingMs,
    /** `control`: who controlled, and nothing of what was done. */
    only: z.literal('control').exactOptional(),
  }),
  reply: { media: ['application/x-ndjson'] },
  errors: ['recording-not-found'],
});
