import { z } from 'zod';
import {
  AudienceReport,
  DirectFigures,
  EncodedPicture,
  Fixed,
  HostFigures,
  PictureSize,
  StripesFigures,
  Tuning,
} from '../../gateway/protocol/host.ts';
import { InputPictured } from '../../gateway/protocol/input.ts';
import { TrickledCandidate } from '../direct/trickled-candidate.ts';
import { EXIT_CODES, type FailureCode } from '../host-error.ts';
import type { Injection } from '../input/injection.ts';
import { IceServer, MediaMode, MediaPlan, PublisherName } from './plan.ts';

/** Number of an input event, as frames carry it and the cube can show it. */
const InputMark = InputPictured.shape.mark;

/** What the agent tells the media child. */
export const ToMedia = z.discriminatedUnion('type', [
  /** Looks what works here, so that `prepare` takes no time. */
  z.object({ type: z.literal('warm'), plan: MediaPlan }),
  /** Builds what is published by WebRTC; answered by `offer`. */
  z.object({ type: z.literal('prepare'), plan: MediaPlan }),
  /** Publishes by WebSocket at this address; answered by `opened`. */
  z.object({ type: z.literal('open'), plan: MediaPlan, url: z.string(), token: z.string() }),
  /** Captures for clients; answered by `direct-opened`. */
  z.object({ type: z.literal('direct-open'), plan: MediaPlan }),
  /** Answers a client: `direct-answer` or `direct-gone`. */
  z.object({
    type: z.literal('direct-offer'),
    client: z.string(),
    sdp: z.string(),
    iceServers: z.array(IceServer),
  }),
  z.object({ type: z.literal('direct-candidate'), client: z.string(), candidate: z.string() }),
  /** Whether a client holds control of any device. */
  z.object({ type: z.literal('direct-admit'), client: z.string(), mayControl: z.boolean() }),
  /** Takes no more input of a client. */
  z.object({ type: z.literal('direct-mute'), client: z.string() }),
  /** The gateway has lost it: it is gone unless it is still heard. */
  z.object({ type: z.literal('direct-doubt'), client: z.string() }),
  z.object({ type: z.literal('direct-end'), client: z.string() }),
  /** The token for its connections from now on. */
  z.object({ type: z.literal('token'), token: z.string() }),
  /** Ends what a mode publishes; the process stays warm. Answered by `released`. */
  z.object({ type: z.literal('release'), mode: MediaMode }),
  z.object({ type: z.literal('survey'), plan: MediaPlan }),
  z.object({ type: z.literal('answer'), sdp: z.string() }),
  /** Fixes and releases while it runs; the plan of the next child carries what is fixed then. */
  z.object({ type: z.literal('tune'), tuning: Tuning }),
  /** A viewer joined. */
  z.object({ type: z.literal('keyframe') }),
  z.object({ type: z.literal('audience'), report: AudienceReport }),
  /** Acts upon the cube; `fresh`: some may be missing before them, so what is held is let go. */
  z.object({
    type: z.literal('input'),
    fresh: z.boolean(),
    acts: z.array(z.custom<Injection>()).readonly(),
  }),
  /**
   * The cube shows this number from its next frame on, and the first picture that is captured from
   * now on is told, so that an input's way can be measured.
   */
  z.object({ type: z.literal('input-mark'), id: InputMark }),
  /** Whether an X11 desktop has its cursor in the picture from now on. */
  z.object({ type: z.literal('pointer'), shown: z.boolean() }),
  /** A desktop has this size from now on, and so has the most that is encoded. */
  z.object({ type: z.literal('screen'), size: PictureSize }),
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('ping') }),
]);
export type ToMedia = z.infer<typeof ToMedia>;

/** Whether one encoder of the table works here. */
export const EncoderFinding = z.object({
  encoder: z.string(),
  codec: z.string(),
  works: z.boolean(),
  remark: z.string(),
});
export type EncoderFinding = z.infer<typeof EncoderFinding>;

const FAILURE_CODES = Object.keys(EXIT_CODES) as [FailureCode, ...FailureCode[]];

/** What the media child tells the agent. */
export const FromMedia = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('pong') }),
  z.object({ type: z.literal('trying'), encoder: z.string().nullable() }),
  /** What it will publish with: before every offer, and after `warm`. */
  z.object({
    type: z.literal('equipped'),
    /** Null: it publishes by WebSocket alone. */
    encoder: z.object({ name: z.string(), codec: z.string(), hardware: z.boolean() }).nullable(),
    sound: z.boolean(),
    publisher: PublisherName.nullable(),
    /** All that work here. */
    publishers: z.array(PublisherName),
  }),
  z.object({ type: z.literal('released'), mode: MediaMode }),
  z.object({ type: z.literal('surveyed'), findings: z.array(EncoderFinding) }),
  z.object({ type: z.literal('notice'), text: z.string() }),
  z.object({ type: z.literal('offer'), sdp: z.string(), encoder: z.string(), codec: z.string() }),
  /** The first packet of the picture has gone out, at this time (ms since the epoch). */
  z.object({ type: z.literal('live'), firstPacketAtMs: z.number() }),
  /** What is encoded now and what of it an operator fixed: when it goes live, and at each change. */
  z.object({
    type: z.literal('picture'),
    mode: MediaMode,
    picture: EncodedPicture,
    fixed: Fixed,
  }),
  z.object({ type: z.literal('figures'), figures: HostFigures }),
  /** It captures for the WebSocket mode, and dials. */
  z.object({ type: z.literal('opened') }),
  /** The gateway has taken its media socket. */
  z.object({ type: z.literal('stripes-admitted') }),
  /** What encodes there: at first, and when it takes another's place. */
  z.object({ type: z.literal('stripes-encoder'), encoder: z.string() }),
  z.object({ type: z.literal('stripes-figures'), figures: StripesFigures }),
  /** There is no connection; it is tried again, or (`barred`) not before there is another token. */
  z.object({
    type: z.literal('stripes-lost'),
    code: z.enum(FAILURE_CODES),
    message: z.string(),
    barred: z.boolean(),
  }),
  /** It captures for clients. */
  z.object({ type: z.literal('direct-opened') }),
  z.object({ type: z.literal('direct-answer'), client: z.string(), sdp: z.string() }),
  z.object({
    type: z.literal('direct-candidate'),
    client: z.string(),
    candidate: TrickledCandidate,
  }),
  /** How many clients are connected. */
  z.object({ type: z.literal('direct-connected'), clients: z.number() }),
  /** What a client that holds control sent by a data channel, unread. */
  z.object({ type: z.literal('direct-input'), client: z.string(), text: z.string() }),
  /** A client was refused, left, or was lost. */
  z.object({ type: z.literal('direct-gone'), client: z.string(), why: z.string() }),
  z.object({ type: z.literal('direct-figures'), figures: DirectFigures }),
  /** The first picture that was captured after a mark came; GStreamer's own publishers cannot tell. */
  InputPictured.omit({ type: true }).extend({ type: z.literal('input-pictured') }),
  z.object({ type: z.literal('peer-gone'), why: z.string() }),
  z.object({
    type: z.literal('failed'),
    /** Null: of the process, for all modes. */
    mode: MediaMode.nullable(),
    code: z.enum(FAILURE_CODES),
    message: z.string(),
  }),
]);
export type FromMedia = z.infer<typeof FromMedia>;
