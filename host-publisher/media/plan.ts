import { z } from 'zod';
import { Content, Fixed } from '../../gateway/protocol/host.ts';

/** What can be published. */
export const SourceKind = z.enum(['cube', 'test', 'desktop', 'window']);
export type SourceKind = z.infer<typeof SourceKind>;

/** Where the sound comes from. */
export const SoundKind = z.enum(['tone', 'monitor', 'none']);
export type SoundKind = z.infer<typeof SoundKind>;

/** The most that is encoded: adaptation goes below it and back. */
export const Picture = z.object({
  width: z.number().int(),
  height: z.number().int(),
  fps: z.number().int(),
  bitrateKbps: z.number().int(),
});
export type Picture = z.infer<typeof Picture>;

/** A STUN or TURN server of the media child. */
export const IceServer = z.object({
  url: z.string(),
  username: z.string().exactOptional(),
  credential: z.string().exactOptional(),
});
export type IceServer = z.infer<typeof IceServer>;

/** Everything that the media child needs to capture, encode and publish once. */
export const MediaPlan = z.object({
  source: SourceKind,
  /** X11 display; null: no source of this plan needs one. */
  display: z.string().nullable(),
  /** Title, part of it, or id (0x…) of the window to publish. */
  window: z.string().nullable(),
  sound: SoundKind,
  picture: Picture,
  /** What the picture loses first when the path narrows, unless an operator fixed it. */
  content: Content,
  /** What an operator fixed before this child began. */
  fixed: Fixed,
  /** Name of an encoder of the table; null: the first that works. */
  encoder: z.string().nullable(),
  /** Encoders that ended a child while they were tried. */
  excludedEncoders: z.array(z.string()),
  iceServers: z.array(IceServer),
});
export type MediaPlan = z.infer<typeof MediaPlan>;
