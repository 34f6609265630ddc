/**
 * The seam inside the engine: what the SRS-shaped HTTP edge (`http-api/`, `hooks`) asks of the
 * media side (`rtc/`), and what the media side tells it. Everything here happens in one process
 * and on one thread, as in SRS.
 */

import type { Traffic } from './traffic.ts';

/** `publish` sends media to the engine (WHIP), `play` receives it (WHEP). */
export type MediaKind = 'publish' | 'play';

/** The video codec that a query asks for; `auto` prefers H.264, then VP8, VP9, AV1, as offered. */
export type CodecChoice = 'auto' | 'h264' | 'vp8' | 'vp9' | 'av1';

export interface MediaOffer {
  readonly kind: MediaKind;
  /** Identity of the stream: `vhost/app/stream`. At most one publisher at a time. */
  readonly key: string;
  /** The client's SDP offer as received: untrusted text. */
  readonly sdp: string;
  readonly codec: CodecChoice;
  /** Addresses announced besides the configured ones (SRS's `eip` and `candidate`). */
  readonly extraCandidates: readonly { readonly address: string; readonly port?: number }[];
}

export interface OpenedMedia {
  /** Opaque, unique for the life of the process. */
  readonly id: string;
  /** The complete SDP answer: ICE-lite, all candidates, one m-line for each of the offer's. */
  readonly sdp: string;
  readonly localUfrag: string;
  readonly remoteUfrag: string;
}

/** SRS's own codes (srs_kernel_error): decode 5012, negotiate 5018, busy 5020, disabled 5021. */
export type MediaErrorCode = 5012 | 5018 | 5020 | 5021;

export class MediaError extends Error {
  readonly code: MediaErrorCode;
  constructor(code: MediaErrorCode, message: string) {
    super(message);
    this.name = 'MediaError';
    this.code = code;
  }
}

/** `peer`: the client closed DTLS. `timeout`: no packet for the inactivity limit. `fault`: ours. */
export type MediaEnd = 'peer' | 'timeout' | 'fault';

export interface MediaEvents {
  /** DTLS is up: a publisher is active from here on. */
  connected(id: string): void;
  /** The session ended by itself; not called for `Media.close(id)`. Called once, after removal. */
  ended(id: string, reason: MediaEnd): void;
}

/** Counters since the session opened. `sendBytes` and `recvBytes` are RTP and RTCP before SRTP. */
export interface MediaStats {
  readonly connected: boolean;
  readonly sendBytes: number;
  readonly recvBytes: number;
  /** Video frames received (publish) or forwarded (play). */
  readonly frames: number;
}

/** Codecs of what is published on a stream; `null` until known or when nobody publishes. */
export interface StreamCodecs {
  readonly video: 'H264' | 'VP8' | 'VP9' | 'AV1' | null;
  readonly audio: 'Opus' | null;
}

/** What a viewer wants to see: a layer by name, or the best that its path bears, within a size. */
export interface LayerChoice {
  readonly rid: string | null;
  readonly maxWidth: number | null;
  readonly maxHeight: number | null;
}

/** One layer of a simulcast publisher; sizes are 0 until its first key frame. */
export interface LayerStats {
  readonly rid: string;
  readonly width: number;
  readonly height: number;
  readonly bitsPerSecond: number;
  /** False for one that the publisher has stopped sending. */
  readonly active: boolean;
}

/** Where a recorder takes what is published; every call returns at once. */
export interface MediaSink {
  /** `payload` is only lent: it is copied before the call returns. */
  packet(packet: MediaPacket): void;
  /** The RTP time of an instant on this machine's clock, as the publisher's reports tell. */
  clock(kind: 'audio' | 'video', ntpMs: number, rtp: number): void;
}

export interface MediaPacket {
  /** 0: audio; from 1 on the layers of the video. */
  readonly track: number;
  /** Unwrapped. */
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  /** Epoch milliseconds of its arrival. */
  readonly atMs: number;
  readonly payload: Buffer;
}

export interface MediaTap {
  requestKeyframe(): void;
  /** Nothing more is taken. */
  close(): void;
}

export interface Media {
  readonly traffic: Readonly<Traffic>;
  /**
   * Checks the offer, opens a session and resolves with the answer, normally within 5 ms.
   * @throws MediaError 5020 when the stream has a publisher (checked before anything is made),
   *   5012 when the text is not an SDP, 5018 when nothing in it can be served.
   */
  open(offer: MediaOffer): Promise<OpenedMedia>;
  /** Ends a session at once; unknown ids are ignored. */
  close(id: string): void;
  stats(id: string): MediaStats | null;
  codecs(key: string): StreamCodecs;
  /** Lowest first; empty when the publisher sends one encoding only. */
  layers(key: string): readonly LayerStats[];
  /** Which layer a viewer gets (null: none yet) and what it chose; null where there are none. */
  layer(id: string): { readonly rid: string | null; readonly choice: LayerChoice } | null;
  /** Sends a viewer another layer from that one's next key frame on; false when it is not there. */
  chooseLayer(id: string, choice: LayerChoice): boolean;
  /**
   * Takes what a publisher sends from now on, of its video the highest layer, beginning with a key
   * frame that is asked for; null for an unknown id and for viewers. One tap for each publisher.
   */
  tap(id: string, sink: MediaSink): MediaTap | null;
  /** Ends all sessions. The native library cannot be started again in this process. */
  shutdown(): void;
}

export interface MediaOptions {
  /** UDP port for all sessions. */
  readonly port: number;
  /** Address to bind, all interfaces when absent. */
  readonly bindAddress?: string;
  /** Addresses announced as host candidates; all own IPv4 addresses when empty. */
  readonly candidates: readonly string[];
  /** A session with no packet for this long is ended; SRS: 30,000. */
  readonly inactivityMs: number;
  /** How often that is looked at; SRS: 5,000. */
  readonly sweepMs: number;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
  readonly events: MediaEvents;
}
