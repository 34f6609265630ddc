import type { MediaReport } from '../../gateway/protocol/media/media-messages.ts';
import type { HostError } from '../host-error.ts';
import type { PixelFormat } from './pixel-layout.ts';
import type { StripesEncoder } from './stripes-encoder.ts';

/** What a raw picture is, in GStreamer's memory layout; width and height even. */
export interface RawPicture {
  readonly format: PixelFormat;
  readonly width: number;
  readonly height: number;
  /**
   * As GStreamer's caps have it (`bt709`), of the YUV that it is or that is made of it; matrix and
   * range go with the stream.
   */
  readonly colorimetry: string;
  /** Microseconds since 1970. */
  readonly capturedAtUs: number;
}

/** What is encoded from now on. */
export interface StripesTarget {
  /** The most that leaves, with all headers, sound left out. */
  readonly bitrateKbps: number;
  /** Of moving rows where the bitrate allows it, 1 to 100 as for JPEG. */
  readonly quality: number;
  /** Frames per second that come at most; who gives them holds to it. */
  readonly fps: number;
}

/** How many want it; nobody while there is no connection. */
export interface StripesDemand {
  readonly picture: number;
  readonly sound: number;
}

/** Of the last second. */
export interface StripesFigures {
  readonly encoder: StripesEncoder;
  /** Pictures that were sent, and those that repeat what is still, better. */
  readonly frames: number;
  readonly refined: number;
  readonly stripes: number;
  /** Stripes that were as before and not sent. */
  readonly unchanged: number;
  /** Pictures that newer ones replaced before they were encoded: the encoder was busy, the path was full, the bitrate was used up. */
  readonly skippedBusy: number;
  readonly skippedPath: number;
  readonly skippedRate: number;
  /** Of pictures, with their headers; of sound. */
  readonly kbps: number;
  readonly soundKbps: number;
  /** From capture to the last stripe handed to the socket: mean and largest. */
  readonly encodeMs: number;
  readonly encodeMaxMs: number;
  /** Quality that the bitrate leaves: 1 to 100. */
  readonly quality: number;
  /** Round trip to the gateway and what of it is a queue of this machine or its uplink; null: not measured yet. */
  readonly roundTripMs: number | null;
  readonly queueMs: number | null;
}

export interface StripesEvents {
  /** The gateway has taken a connection. */
  readonly onWelcome: () => void;
  /** Another demand, also when the connection came or went. */
  readonly onDemand: (demand: StripesDemand) => void;
  /** What viewers make of it, each second while somebody watches. */
  readonly onReport: (report: MediaReport) => void;
  /** Each second while a picture or sound is wanted. */
  readonly onFigures: (figures: StripesFigures) => void;
  /** The encoder took another's place. */
  readonly onEncoder: (encoder: StripesEncoder) => void;
  /** The first picture that was captured at or after `mark` has left. */
  readonly onPictured: (mark: number, capturedAtUs: number) => void;
  /** The connection was lost, or did not come about; it is tried again. */
  readonly onLost: (error: HostError) => void;
  /** Coming again helps nothing while the token is the same, or no encoder works. */
  readonly onBarred: (error: HostError) => void;
  /** A sentence for the operator. */
  readonly notice: (text: string) => void;
}

/** The WebSocket mode of a publication: from raw pictures and Opus packets to the gateway. */
export interface Stripes {
  readonly demand: StripesDemand;
  readonly figures: StripesFigures;
  readonly encoder: StripesEncoder;
  /** Dials, and dials again after every loss until it is closed. */
  open(): void;
  /**
   * The newest picture. `pixels` is read before this returns and may be reused then. It is left
   * out while nobody wants one. Any size may follow any other.
   */
  frame(pixels: Buffer, picture: RawPicture): void;
  /** One Opus packet (48 kHz), which may be reused then. */
  sound(packet: Buffer, capturedAtUs: number): void;
  tune(target: StripesTarget): void;
  /** All rows begin anew with the next picture, which is sent also if nothing changes. */
  key(): void;
  /** The first picture that is captured from now on is told by `onPictured`. */
  mark(mark: number): void;
  close(): Promise<void>;
}

export interface StripesOptions {
  /** `wss://…/ws/media/<room>/<source>`. */
  readonly url: string;
  /** The token for one connection, so that it may be renewed. */
  readonly token: () => string;
  /** Where it does not work, the next one takes its place. */
  readonly encoder: StripesEncoder;
  /** Encoders that ended a media child. */
  readonly excluded: readonly StripesEncoder[];
  readonly target: StripesTarget;
  readonly events: StripesEvents;
}
