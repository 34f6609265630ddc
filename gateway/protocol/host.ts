import { z } from 'zod';
import {
  ClipboardOffer,
  ClipboardPart,
  ClipboardRefused,
  ClipboardTaken,
  ClipboardWant,
} from './clipboard.ts';
import { ControlLeases, Device } from './control.ts';
import { CursorPosition, CursorShape } from './cursor.ts';
import { SourceId } from './ids.ts';
import { InputApplied, InputFrame, InputPictured } from './input.ts';
import { HostRan, HostRun, Viewport } from './screen.ts';
import { Transport } from './transport.ts';

/** Subprotocol of `/ws/host/:room/:source?`; JSON text messages in both directions. */
export const HOST_PROTOCOL = 'pixelcast.host.v1';

/** What a picture loses first when the path narrows: frames (text) or sharpness (motion). */
export const Content = z.enum(['text', 'motion']);
export type Content = z.infer<typeof Content>;

const even = (most: number) => z.int().min(64).max(most).multipleOf(2);
/** kbit/s of the picture. */
export const BitrateKbps = z.int().min(100).max(100_000);
/** Frames per second. */
export const FrameRate = z.int().min(1).max(120);
/** Pixels of the encoded picture, even since 4:2:0 video has no odd sizes. */
export const PictureSize = z.object({ width: even(7680), height: even(4320) });
export type PictureSize = z.infer<typeof PictureSize>;

/** What an operator may fix while it runs; `null` leaves it to the policy again, absent as it is. */
export const Tuning = z.strictObject({
  bitrateKbps: BitrateKbps.nullable().exactOptional(),
  fps: FrameRate.nullable().exactOptional(),
  size: PictureSize.nullable().exactOptional(),
  content: Content.nullable().exactOptional(),
});
export type Tuning = z.infer<typeof Tuning>;

/** What is fixed now; `null`: the policy decides. */
export const Fixed = z.object({
  bitrateKbps: BitrateKbps.nullable(),
  fps: FrameRate.nullable(),
  size: PictureSize.nullable(),
  content: Content.nullable(),
});
export type Fixed = z.infer<typeof Fixed>;

/** The picture as it is encoded. */
export const EncodedPicture = PictureSize.extend({ fps: FrameRate, bitrateKbps: z.int() });
export type EncodedPicture = z.infer<typeof EncodedPicture>;

/** What a host is and can do, told once per connection. */
export const HostCapabilities = z.object({
  /** Version of host-publisher. */
  version: z.string().max(32),
  /** What it publishes: `cube`, `desktop`, … */
  kind: z.string().max(32),
  encoders: z
    .array(z.object({ name: z.string().max(64), codec: z.string().max(16), hardware: z.boolean() }))
    .max(32),
  /** Ways of publishing that work there. */
  publishers: z.array(z.string().max(32)).max(8),
  /** Absent: not told, it may be any. */
  transports: z.array(Transport).max(8).exactOptional(),
  /** The most that it publishes. */
  picture: EncodedPicture,
  sound: z.boolean(),
  /** Captures only while somebody watches. */
  onDemand: z.boolean(),
  /** The cursor comes by messages and is not in the picture. */
  cursor: z.boolean(),
  /** What of it can be controlled. */
  devices: z.array(Device).max(3),
  clipboard: z.boolean(),
  /** The largest screen it can be resized to; null: its size is what it is. */
  largestScreen: PictureSize.nullable(),
  /** Names of the commands that whoever controls it may run. */
  commands: z.array(z.string().max(32)).max(32),
});
export type HostCapabilities = z.infer<typeof HostCapabilities>;

/** What whoever controls a host may ask of it beside input. */
export const HostOffers = HostCapabilities.pick({
  clipboard: true,
  largestScreen: true,
  commands: true,
});
export type HostOffers = z.infer<typeof HostOffers>;

/** `idle`: waits for a viewer; `starting`: builds, offers or connects; `failed`: says why, tries again. */
export const HostState = z.enum(['idle', 'starting', 'live', 'failed']);
export type HostState = z.infer<typeof HostState>;

/** What a host publishes by `/ws/media`, beside WebRTC or in its place. */
export const StripesStatus = z.object({
  state: HostState,
  encoder: z.string().max(64).nullable(),
  /** As encoded now. */
  picture: EncodedPicture.nullable(),
});
export type StripesStatus = z.infer<typeof StripesStatus>;

/** What a host sends straight to clients that it answers (`/ws/signal`). */
export const DirectStatus = z.object({
  state: HostState,
  /** That are connected. */
  clients: z.int().min(0),
  /** As encoded now, for all of them. */
  picture: EncodedPicture.nullable(),
});
export type DirectStatus = z.infer<typeof DirectStatus>;

/** What a host does now: `state` is that of the mode that goes best, what follows it that of WebRTC. */
export const HostStatus = z.object({
  state: HostState,
  encoder: z.string().max(64).nullable(),
  codec: z.string().max(16).nullable(),
  publisher: z.string().max(32).nullable(),
  /** As encoded now. */
  picture: EncodedPicture.nullable(),
  /** Absent: it publishes by WebRTC alone. */
  websocket: StripesStatus.exactOptional(),
  /** Absent: it answers no clients. */
  direct: DirectStatus.exactOptional(),
  fixed: Fixed,
  /** A sentence for people, of the last failure. */
  message: z.string().max(500).nullable(),
});
export type HostStatus = z.infer<typeof HostStatus>;

const figure = z.number().min(0).max(1e12);

/** Figures of one second of publishing. */
export const HostFigures = z.object({
  targetKbps: figure,
  sentKbps: figure,
  /** What of the picture arrived at the media server by its feedback; null while it sends none. */
  arrivedKbps: figure.nullable(),
  /** Queueing beyond the path's least delay, ms. */
  queueMs: z.number().nullable(),
  /** 0 to 1 */
  loss: z.number().min(0).max(1).nullable(),
  rttMs: z.number().nullable(),
  packets: figure,
  framesPerSecond: figure,
  /** From capture until a picture was encoded, ms, mean of the second; null: not told, or no picture. */
  encodeMs: figure.nullable().default(null),
  resent: figure,
  keyframeRequests: figure,
  keyframes: figure,
});
export type HostFigures = z.infer<typeof HostFigures>;

/** Figures of one second of publishing by `/ws/media`. */
export const StripesFigures = z.object({
  targetKbps: figure,
  sentKbps: figure,
  framesPerSecond: figure,
  /** From capture to the last stripe encoded, ms: mean and largest. */
  encodeMs: figure,
  encodeMaxMs: figure,
  /** What waits to leave the host, ms at the present rate. */
  queueMs: figure,
});
export type StripesFigures = z.infer<typeof StripesFigures>;

/** Figures of one second of sending to clients, of all together; of the path, those of the worst. */
export const DirectFigures = HostFigures.pick({
  targetKbps: true,
  sentKbps: true,
  framesPerSecond: true,
  queueMs: true,
  loss: true,
  rttMs: true,
  resent: true,
  keyframeRequests: true,
  keyframes: true,
}).extend({ clients: z.int().min(0) });
export type DirectFigures = z.infer<typeof DirectFigures>;

/** One graphics card, as its driver or tool tells; null: not told. */
export const GpuLoad = z.object({
  /** 0 to 1 */
  busy: z.number().min(0).max(1),
  memoryBytes: figure.nullable(),
});
export type GpuLoad = z.infer<typeof GpuLoad>;

/** How busy a host's machine is, of the last seconds; shares are 0 to 1, of all cores. */
export const HostMachine = z.object({
  cpu: z.number().min(0).max(1),
  memory: z.number().min(0).max(1),
  /** Empty where nothing tells. */
  gpus: z.array(GpuLoad).max(8),
});
export type HostMachine = z.infer<typeof HostMachine>;

/** Host to gateway. The first message is `host/hello`. */
export const HostMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('host/hello'), capabilities: HostCapabilities, status: HostStatus }),
  z.object({ type: z.literal('host/status'), status: HostStatus }),
  z.object({ type: z.literal('host/figures'), figures: HostFigures }),
  z.object({ type: z.literal('host/stripes-figures'), figures: StripesFigures }),
  z.object({ type: z.literal('host/machine'), machine: HostMachine }),
  z.object({ type: z.literal('host/direct-figures'), figures: DirectFigures }),
  /** The answer to a command of this id; `detail` says why not. */
  z.object({
    type: z.literal('host/result'),
    id: z.string().max(64),
    ok: z.boolean(),
    detail: z.string().max(500),
  }),
  CursorShape,
  CursorPosition,
  InputApplied,
  InputPictured,
  ClipboardOffer,
  ClipboardPart,
  ClipboardRefused,
  ClipboardTaken,
  HostRan,
]);
export type HostMessage = z.infer<typeof HostMessage>;

/** What a source's players report together, of the last seconds. Shares are 0 to 1. */
export const AudienceReport = z.object({
  /** Viewers of the source, and how many of them reported. */
  viewers: z.int(),
  reporting: z.int(),
  /** By viewer: the median and the worst quarter's least. */
  lossMedian: z.number(),
  lossUpper: z.number(),
  jitterMedianMs: z.number(),
  decodeMedianMs: z.number(),
  /** Share of viewers that froze, lost more than 5 %, decode slower than the picture comes. */
  freezing: z.number(),
  losing: z.number(),
  overloaded: z.number(),
});
export type AudienceReport = z.infer<typeof AudienceReport>;

/** Gateway to host. */
export const HostCommand = z.discriminatedUnion('type', [
  z.object({ type: z.literal('host/welcome'), room: z.string(), source: SourceId }),
  /**
   * How many watch or wait to watch: by WebRTC, and by `/ws/media`, to which the host then publishes.
   * Sent at the welcome and on every change.
   */
  z.object({
    type: z.literal('media/demand'),
    viewers: z.int().min(0),
    websocket: z.int().min(0).exactOptional(),
  }),
  /** A viewer joined and needs a key frame. */
  z.object({ type: z.literal('media/keyframe') }),
  z.object({ type: z.literal('media/tune'), id: z.string(), tuning: Tuning }),
  z.object({ type: z.literal('audience/report'), report: AudienceReport }),
  ControlLeases,
  InputFrame,
  Viewport,
  ClipboardWant,
  ClipboardPart,
  ClipboardRefused,
  HostRun,
]);
export type HostCommand = z.infer<typeof HostCommand>;

/** A host as the API shows it, beside the sources of its room. */
export const HostView = z
  .object({
    source: SourceId,
    subject: z.string(),
    connectedAt: z.number(),
    capabilities: HostCapabilities,
    status: HostStatus,
    /** Null until the first ones come; the age says how old they are. */
    figures: HostFigures.nullable(),
    figuresAgeMs: z.number().nullable(),
    /** Of what it sends by `/ws/media`; null: nothing, for some seconds. */
    stripes: StripesFigures.nullable(),
    /** Of what it sends straight to clients; null: nothing, for some seconds. */
    direct: DirectFigures.nullable(),
    audience: AudienceReport.nullable(),
    /** Of its machine; absent until it tells. */
    machine: HostMachine.exactOptional(),
    /** Round trip on the WebSocket. */
    rttMs: z.number().nullable(),
  })
  .meta({ id: 'Host' });
export type HostView = z.infer<typeof HostView>;
