import type { Traffic } from '../traffic.ts';
import type { Codec } from './codec.ts';
import { Feed } from './feed.ts';
import type { Layers } from './layers.ts';
import type { Output } from './output.ts';
import { isRtcp } from './rtp/header.ts';
import { ResendLimit } from './rtp/resend-limit.ts';
import type { ReceptionReport, RtcpMessage } from './rtp/rtcp-read.ts';
import { readRtcp } from './rtp/rtcp-read.ts';
import type { AgreedTrack, Agreement } from './sdp/agreement.ts';

/** What a viewer needs of its stream. */
export interface WatchedStream {
  readonly audio: Output;
  readonly video: Layers;
}

/** A viewer's side of a stream: what it is sent, and what it asks for. */
export class Viewer {
  readonly audio: Feed | null;
  readonly video: Feed | null;
  readonly send: (packet: Buffer) => boolean;
  readonly #stream: WatchedStream;
  readonly #traffic: Traffic;

  constructor(options: {
    readonly agreement: Agreement;
    readonly stream: WatchedStream;
    readonly send: (packet: Buffer) => boolean;
    readonly traffic: Traffic;
    readonly now: () => number;
  }) {
    const { agreement, send, now } = options;
    this.#traffic = options.traffic;
    this.#stream = options.stream;
    this.send = send;
    const resendLimit = new ResendLimit(now());
    const feed = (track: AgreedTrack | null): Feed | null =>
      track &&
      new Feed({
        ...{ payloadTypes: payloadTypesOf(track), send, resendLimit, now },
        playoutDelayId: track.section.playoutDelayId,
      });
    this.audio = feed(agreement.audio);
    this.video = feed(agreement.video);
  }

  /** Video frames forwarded to it. */
  get frames(): number {
    return this.video?.frames ?? 0;
  }

  /** Takes the viewer's RTCP; it has no media to send. */
  receive(packet: Buffer, nowMs: number): void {
    if (!isRtcp(packet)) return;
    for (const message of readRtcp(packet)) this.#heed(message, nowMs);
  }

  #heed(message: RtcpMessage, nowMs: number): void {
    const { video } = this;
    switch (message.type) {
      case 'nack':
        this.#repair(message.ssrc, message.sequences, nowMs);
        return;
      case 'pli':
      case 'fir': {
        const output = video?.source ?? video?.target ?? null;
        if (output !== null) this.#stream.video.requestKeyframe(output, nowMs);
        return;
      }
      case 'estimate':
        if (video !== null) this.#stream.video.signsOf(video)?.heardEstimate(message.bps, nowMs);
        return;
      case 'reception':
        this.#heedReception(message, nowMs);
        return;
      case 'sender-report':
        return;
      default:
        message satisfies never;
    }
  }

  #repair(ssrc: number, sequences: readonly number[], nowMs: number): void {
    const feed = this.#feedOf(ssrc);
    this.#traffic.wanted += sequences.length;
    for (const sequence of sequences) {
      if (feed?.resend(sequence, nowMs) === true) this.#traffic.resent += 1;
    }
  }

  #heedReception(report: ReceptionReport, nowMs: number): void {
    if (this.video === null || report.ssrc !== this.#stream.video.ssrc) return;
    const signs = this.#stream.video.signsOf(this.video);
    signs?.heardLoss(report.fractionLost / 256, nowMs);
    const tripMs = this.video.roundTripOf(report, nowMs);
    if (tripMs !== null) signs?.heardRoundTrip(tripMs, nowMs);
  }

  #feedOf(ssrc: number): Feed | null {
    if (ssrc === this.#stream.video.ssrc) return this.video;
    return ssrc === this.#stream.audio.ssrc ? this.audio : null;
  }
}

const payloadTypesOf = ({ codecs }: AgreedTrack): ReadonlyMap<Codec, number> =>
  new Map(codecs.map(({ codec, payloadType }) => [codec, payloadType]));
