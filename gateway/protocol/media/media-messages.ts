import { z } from 'zod';
import { SessionSecret } from '../ids.ts';

const figure = z.number().min(0).max(1e12);

/** Viewer to gateway; receipts (`painted.ts`) are binary. */
export const MediaWatcherMessage = z.discriminatedUnion('type', [
  /** What it wants from now on; both, until it says otherwise. A hidden page wants no picture. */
  z.strictObject({ type: z.literal('media/want'), picture: z.boolean(), sound: z.boolean() }),
  /** It cannot decode what comes: every row from its next key frame on. */
  z.strictObject({ type: z.literal('media/key') }),
]);
export type MediaWatcherMessage = z.infer<typeof MediaWatcherMessage>;

/** Gateway to viewer; stripes and sound are binary, as the publisher sent them. */
export const MediaWatcherEvent = z.discriminatedUnion('type', [
  /** The first message. The session counts and is shown as those of WHEP are. */
  z.object({ type: z.literal('media/welcome'), session: SessionSecret }),
  /**
   * Whether somebody publishes in this mode (`publishing`) and by WebRTC (`webrtc`). After the
   * welcome, and on every change; the socket stays when a publisher goes, and plays the next one.
   */
  z.object({ type: z.literal('media/state'), publishing: z.boolean(), webrtc: z.boolean() }),
  /** How many watch the source, in all modes; on changes, at most once a second. */
  z.object({ type: z.literal('media/viewers'), count: z.int().min(0) }),
  /** Every 5 s. Pages see no pings: without it they could not tell a source at rest from a dead path. */
  z.object({ type: z.literal('media/alive') }),
]);
export type MediaWatcherEvent = z.infer<typeof MediaWatcherEvent>;

/** Publisher to gateway, each second while it encodes; pictures and sound are binary. */
export const MediaPublisherMessage = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('media/figures'),
    /** Of the last second. */
    frames: figure,
    stripes: figure,
    /** Stripes that were as before and were not sent. */
    unchanged: figure,
    /** From capture to the last stripe encoded, ms: mean and largest. */
    encodeMs: figure,
    encodeMaxMs: figure,
  }),
]);
export type MediaPublisherMessage = z.infer<typeof MediaPublisherMessage>;

/** What the viewers of this mode together make of what they are sent, in the last second. */
export const MediaReport = z.object({
  viewers: z.int().min(0),
  /** From sending a picture to its receipt, ms: by viewer, the median and the worst quarter's least. */
  paintedMedianMs: figure,
  paintedUpperMs: figure,
  /** Share of the pictures that were not sent to them, 0 to 1: the median and the worst quarter's least. */
  skippedMedian: z.number().min(0).max(1),
  skippedUpper: z.number().min(0).max(1),
});
export type MediaReport = z.infer<typeof MediaReport>;

/** Gateway to publisher. */
export const MediaPublisherEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('media/welcome'), session: SessionSecret }),
  /** How many want a picture, and sound; at the welcome and on changes. Nobody: nothing need be encoded. */
  z.object({
    type: z.literal('media/demand'),
    picture: z.int().min(0),
    sound: z.int().min(0),
  }),
  /** Every row starts anew: somebody came, or fell behind. At most twice a second. */
  z.object({ type: z.literal('media/key') }),
  /** Each second while somebody watches in this mode. */
  z.object({ type: z.literal('media/report'), report: MediaReport }),
  /** Every 5 s, as to viewers. */
  z.object({ type: z.literal('media/alive') }),
]);
export type MediaPublisherEvent = z.infer<typeof MediaPublisherEvent>;
