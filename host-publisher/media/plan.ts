import { z } from 'zod';
import { Content, Fixed } from '../../gateway/protocol/host.ts';
import { StripesEncoder } from '../stripes/stripes-encoder.ts';

/** What can be published. */
export const SourceKind = z.enum(['cube', 'test', 'desktop', 'window', 'file', 'camera']);
export type SourceKind = z.infer<typeof SourceKind>;

/** Where the sound comes from; `file`: the file that is shown. */
export const SoundKind = z.enum(['tone', 'monitor', 'microphone', 'file', 'none']);
export type SoundKind = z.infer<typeof SoundKind>;

/** What paints the cube; `auto`: OpenGL where a graphics card does it. */
export const Renderer = z.enum(['auto', 'software', 'gl']);
export type Renderer = z.infer<typeof Renderer>;

/** Where a desktop's cursor goes: by messages to the viewers, into the picture, or nowhere. */
export const CursorMode = z.enum(['viewers', 'picture', 'none']);
export type CursorMode = z.infer<typeof CursorMode>;

/** Ways of publishing: the project's own, and GStreamer's elements. */
export const PublisherName = z.enum(['native', 'whipclientsink', 'whipsink']);
export type PublisherName = z.infer<typeof PublisherName>;
/** `auto`: an element of GStreamer where there is one that starts, else the project's own. */
export const PublisherChoice = z.enum(['auto', ...PublisherName.options]);
export type PublisherChoice = z.infer<typeof PublisherChoice>;

/**
 * Ways out of the one capture, each with an outlet of its own: by WebRTC and by WebSocket through the
 * gateway, and straight to clients.
 */
export const MediaMode = z.enum(['webrtc', 'websocket', 'direct']);
export type MediaMode = z.infer<typeof MediaMode>;

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
  /** X11 display, or `portal`; null: no source of this plan needs one. */
  display: z.string().nullable(),
  /** Title, part of it, or id (0x…) of the window to publish. */
  window: z.string().nullable(),
  /** The file of a file source, absolute; `loop`: again from its start when it ends. */
  file: z.string().nullable(),
  loop: z.boolean(),
  /** The camera of a camera source; null: the first one. */
  device: z.string().nullable(),
  cursor: CursorMode,
  renderer: Renderer,
  /** Folder or file that what is published is also written to; `name` begins names in a folder. */
  record: z.object({ path: z.string(), name: z.string() }).nullable(),
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
  publisher: PublisherChoice,
  /** Publishers that did not start, which `auto` leaves out. */
  excludedPublishers: z.array(PublisherName),
  iceServers: z.array(IceServer),
  modes: z.array(MediaMode).min(1),
  /** For the WebSocket mode; `encoder` null: its default. `quality` as of JPEG, 1 to 100. */
  stripes: z.object({
    encoder: StripesEncoder.nullable(),
    quality: z.number().int(),
  }),
});
export type MediaPlan = z.infer<typeof MediaPlan>;
