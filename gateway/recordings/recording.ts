import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { PartId, RecordingId, RecordingPart, RecordingView } from '../protocol/api/recordings.ts';

/** A part as it is kept; `origin` names the media server's file that it is made of. */
export const Part = RecordingPart.extend({ origin: z.string().nullable() });
export type Part = z.infer<typeof Part>;

/** A recording as it is kept, in the index and beside its media. */
export const Recording = RecordingView.omit({ bytes: true, durationMs: true }).extend({
  parts: z.array(Part),
});
export type Recording = z.infer<typeof Recording>;

/** What clients see of it. */
export function viewOf(recording: Recording): RecordingView {
  const { parts, ...rest } = recording;
  return {
    ...rest,
    bytes: bytesOf(recording),
    durationMs: Math.max(0, ...parts.map(({ offsetMs, durationMs }) => offsetMs + durationMs)),
    parts: parts
      .map(({ origin: _, ...part }) => part)
      .toSorted((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1)),
  };
}

/** What its media takes on the disk. */
export const bytesOf = ({ parts }: Recording): number =>
  parts.reduce((sum, { bytes }) => sum + bytes, 0);

/** A part of which nothing is known but whose it is. */
export function newPart(
  { startedAt: began }: Recording,
  given: Pick<Part, 'source' | 'subject' | 'startedAt' | 'node'>,
): Part {
  const { source, subject, startedAt, node } = given;
  return {
    ...{ id: newPartId(), source, subject, startedAt, node, state: 'recording', detail: '' },
    offsetMs: Math.max(0, startedAt - began),
    ...{ durationMs: 0, bytes: 0, thumbnails: 0, origin: null },
    ...{ video: null, audio: null, width: null, height: null },
  };
}

/** Ids sort by time: nine digits of milliseconds, the rest is chance. */
export function newRecordingId(nowMs: number): RecordingId {
  return RecordingId.parse(nowMs.toString(36).padStart(9, '0') + chance(7));
}

const newPartId = (): PartId => PartId.parse(chance(8));

const chance = (length: number): string =>
  [...randomBytes(length)].map((byte) => (byte % 36).toString(36)).join('');
