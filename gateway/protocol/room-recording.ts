import { z } from 'zod';
import { SourceId } from './ids.ts';

/**
 * Why nothing of a source is recorded: it comes by `websocket`, past the media servers; whoever
 * began the recording `left-out` the source; its `media-server` cannot record it.
 */
export const UnrecordedReason = z.enum(['websocket', 'left-out', 'media-server']);
export type UnrecordedReason = z.infer<typeof UnrecordedReason>;

/** What everybody in a room is told of its recording. */
export const RoomRecording = z.object({
  /** What is published there is being recorded. */
  recording: z.boolean(),
  /** Sources that are published meanwhile, and of which nothing is recorded. */
  unrecorded: z.array(z.object({ source: SourceId, why: UnrecordedReason })),
});
export type RoomRecording = z.infer<typeof RoomRecording>;
