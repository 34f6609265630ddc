import type { Codec } from './codec.ts';
import type { Output } from './output.ts';
import type { Receiver } from './receivers.ts';
import { isRtcp } from './rtp/header.ts';
import { ResendLimit } from './rtp/resend-limit.ts';
import { readRtcp } from './rtp/rtcp-read.ts';
import type { Agreement } from './sdp/agreement.ts';

/** What a viewer needs of its stream. */
export interface WatchedStream {
  outputOf(ssrc: number): Output | null;
  requestKeyframe(nowMs: number): void;
}

/** A viewer's side of a stream: which payload types it knows, and what it asks for. */
export class Viewer implements Receiver {
  readonly resendLimit: ResendLimit;
  readonly wants: { readonly audio: boolean; readonly video: boolean };
  readonly send: (packet: Buffer) => boolean;
  frames = 0;
  readonly #stream: WatchedStream;
  readonly #payloadTypes = new Map<Codec, number>();

  constructor(options: {
    readonly agreement: Agreement;
    readonly stream: WatchedStream;
    readonly send: (packet: Buffer) => boolean;
    readonly nowMs: number;
  }) {
    const { audio, video } = options.agreement;
    this.#stream = options.stream;
    this.send = options.send;
    this.wants = { audio: audio !== null, video: video !== null };
    this.resendLimit = new ResendLimit(options.nowMs);
    for (const codec of [...(audio?.codecs ?? []), ...(video?.codecs ?? [])]) {
      this.#payloadTypes.set(codec.codec, codec.payloadType);
    }
  }

  payloadTypeOf(codec: Codec): number | null {
    return this.#payloadTypes.get(codec) ?? null;
  }

  /** Takes the viewer's RTCP; it has no media to send. */
  receive(packet: Buffer, nowMs: number): void {
    if (!isRtcp(packet)) return;
    for (const message of readRtcp(packet)) {
      if (message.type === 'nack') {
        const output = this.#stream.outputOf(message.ssrc);
        for (const sequence of message.sequences) output?.resend(this, sequence, nowMs);
      } else if (message.type !== 'sender-report') {
        this.#stream.requestKeyframe(nowMs);
      }
    }
  }
}
