import type { VideoCodec } from '../../../srs/embedded/rtc/codec.ts';
import type { RtpHeader } from '../../../srs/embedded/rtc/rtp/header.ts';
import { isRtcp, parseRtp } from '../../../srs/embedded/rtc/rtp/header.ts';
import { startsKeyframe } from '../../../srs/embedded/rtc/rtp/keyframe.ts';
import type { SenderReport } from '../../../srs/embedded/rtc/rtp/rtcp-read.ts';
import { readRtcp } from '../../../srs/embedded/rtc/rtp/rtcp-read.ts';
import {
  writeNack,
  writePli,
  writeReceiverReport,
} from '../../../srs/embedded/rtc/rtp/rtcp-write.ts';
import { SequenceUnwrapper } from '../../../srs/embedded/rtc/rtp/sequence-unwrapper.ts';
import { PAYLOAD_TYPES, writePeerOffer } from './peer-offer.ts';
import { connectPeer, PipePeer } from './pipe-peer.ts';

export interface RtpViewerOptions {
  /** Codecs offered; empty: audio only. Default all four. */
  readonly videoCodecs?: readonly VideoCodec[];
  readonly audio?: boolean;
  /** Whether gaps are asked for. Default true. */
  readonly nack?: boolean;
  readonly setup?: 'actpass' | 'active' | 'passive';
}

/** What has arrived of one kind. */
export interface ReceivedTrack {
  packets: number;
  bytes: number;
  /** Distinct RTP timestamps. */
  frames: number;
  keyframes: number;
  duplicates: number;
  /** Packets not there between the first and the newest. */
  lost: number;
  /** Largest step between successive timestamps, in ticks. */
  largestStep: number;
  readonly ssrcs: Set<number>;
  readonly payloadTypes: Set<number>;
  /** Payload of the first packet that ever came. */
  firstPayload: Buffer | null;
  senderReports: number;
  lastReport: SenderReport | null;
  /** Sending to arrival of the newest packet, in ms; the same machine only. */
  delayMs: number;
}

interface Incoming extends ReceivedTrack {
  readonly unwrapper: SequenceUnwrapper;
  readonly missing: Set<number>;
  timestamp: number | null;
  ssrc: number;
  reportedMs: number;
}

const CODECS: readonly VideoCodec[] = ['H264', 'VP8', 'VP9', 'AV1'];
const REPORT_MS = 500;
const NACK_MS = 30;
const SENDER = 1;

const incoming = (): Incoming => ({
  packets: 0,
  bytes: 0,
  frames: 0,
  keyframes: 0,
  duplicates: 0,
  lost: 0,
  largestStep: 0,
  ssrcs: new Set(),
  payloadTypes: new Set(),
  firstPayload: null,
  senderReports: 0,
  lastReport: null,
  delayMs: 0,
  unwrapper: new SequenceUnwrapper(),
  missing: new Set(),
  timestamp: null,
  ssrc: 0,
  reportedMs: 0,
});

const codecOfPayloadType = (payloadType: number): VideoCodec | null =>
  CODECS.find((codec) => PAYLOAD_TYPES[codec] === payloadType) ?? null;

/** A WHEP client that counts what it gets, asks for what is missing and reports like a browser. */
export class RtpViewer {
  readonly #options: RtpViewerOptions;
  readonly #peer = new PipePeer((packet) => this.#receive(packet));
  readonly #audio = incoming();
  readonly #video = incoming();
  #timers: NodeJS.Timeout[] = [];
  #answer = '';

  constructor(options: RtpViewerOptions = {}) {
    this.#options = options;
  }

  /** Offers, exchanges and waits until connected; see `connectPeer`. */
  static connect(
    exchange: (offer: string) => Promise<string>,
    options: RtpViewerOptions = {},
  ): Promise<RtpViewer> {
    return connectPeer(() => new RtpViewer(options), exchange);
  }

  get audio(): Readonly<ReceivedTrack> {
    return this.#audio;
  }

  get video(): Readonly<ReceivedTrack> {
    return this.#video;
  }

  get answer(): string {
    return this.#answer;
  }

  get connected(): Promise<void> {
    return this.#peer.connected;
  }

  /** Settles when the server, or `close()`, ended the session. */
  get ended(): Promise<void> {
    return this.#peer.ended;
  }

  async offer(): Promise<string> {
    const { videoCodecs = CODECS, audio = true, setup } = this.#options;
    return writePeerOffer(
      {
        direction: 'recvonly',
        videoCodecs,
        audio,
        ...(setup === undefined ? {} : { setup }),
      },
      await this.#peer.start(),
    );
  }

  accept(answer: string): void {
    this.#answer = answer;
    this.#peer.accept(answer);
    this.#timers = [setInterval(() => this.#report(), REPORT_MS)];
    if (this.#options.nack === false) return;
    this.#timers.push(setInterval(() => this.#askMissing(), NACK_MS));
  }

  /** Asks for a key frame. */
  sendPli(): void {
    this.#peer.send(writePli(SENDER, this.#video.ssrc));
  }

  /** Asks for video packets by the numbers they had on arrival. */
  sendNack(sequences: readonly number[]): void {
    this.#peer.send(writeNack(SENDER, this.#video.ssrc, sequences));
  }

  /** Falls silent without leaving: no RTCP any more. ICE goes on. */
  mute(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  close(): void {
    this.mute();
    this.#peer.close();
  }

  #receive(packet: Buffer): void {
    if (isRtcp(packet)) {
      for (const message of readRtcp(packet)) this.#receiveReport(message);
      return;
    }
    const header = parseRtp(packet);
    if (header === null) return;
    const kind = header.payloadType === PAYLOAD_TYPES.Opus ? 'audio' : 'video';
    this.#count(kind === 'audio' ? this.#audio : this.#video, packet, header);
  }

  #receiveReport(message: ReturnType<typeof readRtcp>[number]): void {
    if (message.type !== 'sender-report') return;
    const track = [this.#audio, this.#video].find(({ ssrc }) => ssrc === message.ssrc);
    if (track === undefined) return;
    track.senderReports += 1;
    track.lastReport = message;
    track.reportedMs = performance.now();
  }

  #count(track: Incoming, packet: Buffer, header: RtpHeader): void {
    const payload = packet.subarray(header.payloadStart, header.payloadEnd);
    const before = track.unwrapper.newest;
    const full = track.unwrapper.unwrap(header.sequence);
    track.packets += 1;
    track.bytes += packet.length;
    track.ssrc = header.ssrc;
    track.ssrcs.add(header.ssrc);
    track.payloadTypes.add(header.payloadType);
    track.firstPayload ??= Buffer.from(payload);
    if (payload.length >= 8) {
      const sentMs = payload.readDoubleBE(payload.length - 8);
      track.delayMs = performance.timeOrigin + performance.now() - sentMs;
    }
    if (before !== null && full <= before) {
      if (!track.missing.delete(full)) track.duplicates += 1;
    } else {
      for (let gap = (before ?? full) + 1; gap < full; gap += 1) track.missing.add(gap);
      this.#countFrame(track, packet, header);
    }
    track.lost = track.missing.size;
  }

  #countFrame(track: Incoming, packet: Buffer, header: RtpHeader): void {
    if (track.timestamp === header.timestamp) return;
    if (track.timestamp !== null) {
      const step = (header.timestamp - track.timestamp) | 0;
      if (Math.abs(step) > track.largestStep) track.largestStep = Math.abs(step);
    }
    track.timestamp = header.timestamp;
    track.frames += 1;
    const codec = codecOfPayloadType(header.payloadType);
    const { payloadStart, payloadEnd } = header;
    if (codec !== null && startsKeyframe(codec, packet, payloadStart, payloadEnd)) {
      track.keyframes += 1;
    }
  }

  #askMissing(): void {
    if (this.#video.missing.size === 0) return;
    this.sendNack([...this.#video.missing].slice(0, 100).map((full) => full & 0xffff));
  }

  #report(): void {
    const blocks = [this.#audio, this.#video]
      .filter(({ packets }) => packets > 0)
      .map((track) => ({
        ssrc: track.ssrc,
        fractionLost: 0,
        lost: track.lost,
        highestSequence: track.unwrapper.newest ?? 0,
        jitter: 0,
        lastReport: track.lastReport?.compactNtp ?? 0,
        sinceLastReport: Math.round(((performance.now() - track.reportedMs) * 65_536) / 1000),
      }));
    this.#peer.send(writeReceiverReport(SENDER, blocks));
  }
}
