import { z } from 'zod';
import { CursorPosition, CursorShape } from './cursor.ts';
import { HostStatus } from './host.ts';
import { SessionSecret, SourceId } from './ids.ts';

/** What a player measured since its last report. */
export const PlayerReport = z.object({
  /** Share of packets lost, 0 to 1. */
  loss: z.number().min(0).max(1),
  jitterMs: z.number().min(0).max(60_000),
  framesReceived: z.int().min(0).max(100_000),
  framesDecoded: z.int().min(0).max(100_000),
  framesDropped: z.int().min(0).max(100_000),
  /** Mean per frame. */
  decodeMs: z.number().min(0).max(60_000),
  freezes: z.int().min(0).max(10_000),
  freezeMs: z.number().min(0).max(600_000),
});
export type PlayerReport = z.infer<typeof PlayerReport>;

/** Viewer to gateway. */
export const ViewerMessage = z.discriminatedUnion('type', [
  /**
   * Which source this page watches, and by which WHEP session (last segment of its URL): reports
   * count once per session. Sent first, and again with each new session.
   */
  z.object({
    type: z.literal('viewer/watching'),
    source: SourceId,
    session: SessionSecret.nullable(),
  }),
  z.object({ type: z.literal('viewer/report'), report: PlayerReport }),
]);
export type ViewerMessage = z.infer<typeof ViewerMessage>;

/** Gateway to viewer, about the source it watches. */
export const ViewerEvent = z.discriminatedUnion('type', [
  /** Null: no host serves this source (a browser may). Sent at once after `viewer/watching`. */
  z.object({ type: z.literal('host/status'), status: HostStatus.nullable(), kind: z.string() }),
  CursorShape,
  CursorPosition,
]);
export type ViewerEvent = z.infer<typeof ViewerEvent>;
