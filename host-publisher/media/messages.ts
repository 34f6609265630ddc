import { z } from 'zod';
import { FailureCode } from '../host-error.ts';
import { MediaPlan } from './plan.ts';

/** What the agent tells the media child. */
export const ToMedia = z.discriminatedUnion('type', [
  z.object({ type: z.literal('prepare'), plan: MediaPlan }),
  z.object({ type: z.literal('survey'), plan: MediaPlan }),
  z.object({ type: z.literal('answer'), sdp: z.string() }),
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('ping') }),
]);
export type ToMedia = z.infer<typeof ToMedia>;

/** Figures of one second. */
export const MediaFigures = z.object({
  targetKbps: z.number(),
  sentKbps: z.number(),
  /** What arrived at the server by its feedback; null while it sends none. */
  arrivedKbps: z.number().nullable(),
  /** Queueing beyond the path's least delay. */
  queueMs: z.number().nullable(),
  /** 0 to 1 */
  loss: z.number().nullable(),
  rttMs: z.number().nullable(),
  packets: z.number(),
  framesPerSecond: z.number(),
  resent: z.number(),
  keyframeRequests: z.number(),
  keyframes: z.number(),
});
export type MediaFigures = z.infer<typeof MediaFigures>;

/** Whether one encoder of the table works here. */
export const EncoderFinding = z.object({
  encoder: z.string(),
  codec: z.string(),
  works: z.boolean(),
  remark: z.string(),
});
export type EncoderFinding = z.infer<typeof EncoderFinding>;

/** What the media child tells the agent. */
export const FromMedia = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('pong') }),
  z.object({ type: z.literal('trying'), encoder: z.string().nullable() }),
  z.object({ type: z.literal('surveyed'), findings: z.array(EncoderFinding) }),
  z.object({ type: z.literal('notice'), text: z.string() }),
  z.object({ type: z.literal('offer'), sdp: z.string(), encoder: z.string(), codec: z.string() }),
  z.object({ type: z.literal('live') }),
  z.object({ type: z.literal('figures'), figures: MediaFigures }),
  z.object({ type: z.literal('peer-gone'), why: z.string() }),
  z.object({ type: z.literal('failed'), code: FailureCode, message: z.string() }),
]);
export type FromMedia = z.infer<typeof FromMedia>;
