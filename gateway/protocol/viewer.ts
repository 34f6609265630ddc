import { z } from 'zod';
import { ChannelAnswer, ChannelClosed, ChannelOffer } from './channel.ts';
import {
  ClipboardOffer,
  ClipboardPart,
  ClipboardRefused,
  ClipboardTaken,
  ClipboardWant,
} from './clipboard.ts';
import {
  ControlAnswer,
  ControlEnded,
  ControlState,
  ControlWelcome,
  ControlWish,
  ResumeSecret,
} from './control.ts';
import { CursorPosition, CursorShape } from './cursor.ts';
import { PrintableName } from './grant.ts';
import { HostOffers, HostStatus } from './host.ts';
import { SessionSecret, SourceId } from './ids.ts';
import { PlayerSteps } from './diary.ts';
import { InputApplied, InputFrame, InputPictured, InputRefused } from './input.ts';
import { RoomRecording } from './room-recording.ts';
import { HostRun, HostRan, Viewport } from './screen.ts';

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
  /**
   * From capture to screen at this moment, by the clocks of the sender and the player, which must
   * agree; absent where it is not known.
   */
  latencyMs: z.number().min(0).max(60_000).exactOptional(),
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
    /** What others call this viewer; else after its token. */
    name: PrintableName.max(40).exactOptional(),
    /** Of the last `control/welcome`. */
    resume: ResumeSecret.exactOptional(),
  }),
  z.object({ type: z.literal('viewer/report'), report: PlayerReport }),
  PlayerSteps,
  /** Answered at once with the same `at`; `rttMs` is what the last one took, null before. */
  z.strictObject({
    type: z.literal('viewer/ping'),
    at: z.number(),
    rttMs: z.number().min(0).max(60_000).nullable(),
  }),
  /** From an input until the player presented the first picture that may show it. */
  z.strictObject({ type: z.literal('input/seen'), tookMs: z.number().min(0).max(60_000) }),
  ...ControlWish.options,
  InputFrame,
  Viewport,
  ClipboardWant,
  ClipboardPart,
  ClipboardRefused,
  HostRun,
  ChannelOffer,
  ChannelClosed,
]);
export type ViewerMessage = z.infer<typeof ViewerMessage>;

/** Gateway to viewer, about the source it watches. */
export const ViewerEvent = z.discriminatedUnion('type', [
  /** Null: no host serves this source (a browser may). Sent at once after `viewer/watching`. */
  z.object({
    type: z.literal('host/status'),
    status: HostStatus.nullable(),
    kind: z.string(),
    /** With a status. */
    offers: HostOffers.exactOptional(),
  }),
  /** Of the room. Sent after `viewer/watching`, and when it changes. */
  z.object({ type: z.literal('room/recording'), ...RoomRecording.shape }),
  CursorShape,
  CursorPosition,
  z.object({ type: z.literal('viewer/pong'), at: z.number() }),
  ControlWelcome,
  ControlState,
  ControlAnswer,
  ControlEnded,
  InputApplied,
  InputPictured,
  InputRefused,
  ClipboardOffer,
  ClipboardPart,
  ClipboardRefused,
  ClipboardTaken,
  HostRan,
  ChannelAnswer,
  ChannelClosed,
]);
export type ViewerEvent = z.infer<typeof ViewerEvent>;
