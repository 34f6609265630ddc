import { randomBytes } from 'node:crypto';

import type { TrackKind, VideoCodec } from './codec.ts';
import { isRtcp, parseRtp, readExtension16 } from './rtp/header.ts';
import { readRtcp } from './rtp/rtcp-read.ts';
import { writeNack, writePli, writeReceiverReport, writeRemb } from './rtp/rtcp-write.ts';
import { NtpShift } from './rtp/sender-clock.ts';
import { TransportCc } from './rtp/transport-cc.ts';
import type { AgreedTrack, Agreement } from './sdp/agreement.ts';
import type { Output } from './output.ts';
import type { Arrival } from './source.ts';
import { Source } from './source.ts';

/** What a publisher needs of its stream. */
export interface PublishedStream {
  readonly outputs: Readonly<Record<TrackKind, Output>>;
  requestKeyframe(nowMs: number): void;
  keyframeArrived(): void;
  /** The publisher has said how its clock runs. */
  clockKnown(kind: TrackKind, nowMs: number): void;
}

interface Route {
  readonly source: Source;
  readonly rtx: boolean;
  /** Header extension id of the transport-wide sequence number; 0 when not negotiated. */
  readonly transportCcId: number;
}

const FEEDBACK_MS = 50;
const REPORT_MS = 1_000;
/** For clients without transport-cc: high enough for 1080p, they adapt by loss alone. */
const REMB_BITS_PER_SECOND = 3_000_000;

/** A publisher's media: what it sends goes to the stream, what it must know goes back. */
export class Publisher {
  readonly #stream: PublishedStream;
  readonly #send: (packet: Buffer) => boolean;
  readonly #sender = randomBytes(4).readUInt32BE(0);
  readonly #routes: (Route | undefined)[] = new Array<Route | undefined>(128).fill(undefined);
  readonly #sources: Source[] = [];
  readonly #video: Source | null;
  readonly #shift = new NtpShift();
  readonly #transportCc: TransportCc | null;
  readonly #remb: boolean;
  #feedbackMs = 0;
  #reportMs = 0;
  /** Video frames received. */
  frames = 0;

  constructor(agreement: Agreement, stream: PublishedStream, send: (packet: Buffer) => boolean) {
    this.#stream = stream;
    this.#send = send;
    this.#addRoutes('audio', agreement.audio);
    this.#video = this.#addRoutes('video', agreement.video);
    const ids = this.#routes.map((route) => route?.transportCcId ?? 0);
    this.#transportCc = ids.some((id) => id > 0) ? new TransportCc() : null;
    this.#remb = agreement.video?.codecs[0]?.feedback.has('goog-remb') ?? false;
  }

  /** The video codec negotiated, or null for audio alone. */
  get videoCodec(): VideoCodec | null {
    const codec = this.#video?.codec;
    return codec === undefined || codec === 'Opus' ? null : codec;
  }

  get hasAudio(): boolean {
    return this.#sources.some((source) => source.codec === 'Opus');
  }

  receive(packet: Buffer, nowMs: number): void {
    if (isRtcp(packet)) {
      this.#receiveRtcp(packet, nowMs);
      return;
    }
    const header = parseRtp(packet);
    const route = header === null ? undefined : this.#routes[header.payloadType];
    if (header === null || route === undefined) return;
    if (route.transportCcId > 0) {
      const sequence = readExtension16(packet, header, route.transportCcId);
      if (sequence !== null) this.#transportCc?.arrived(sequence, nowMs);
    }
    const { source, rtx } = route;
    const arrival = rtx
      ? source.repaired(packet, header, nowMs)
      : source.arrived(packet, header, nowMs);
    this.#act(source, arrival, nowMs);
  }

  /** Asks for a key frame; without effect until the first video packet has named its SSRC. */
  requestKeyframe(): boolean {
    const ssrc = this.#video?.ssrc ?? null;
    return ssrc !== null && this.#send(writePli(this.#sender, ssrc));
  }

  /** Sends what has become due. */
  tick(nowMs: number): void {
    for (const source of this.#sources) this.#sendNack(source, source.missing(nowMs));
    if (this.#transportCc !== null && nowMs - this.#feedbackMs >= FEEDBACK_MS) {
      this.#feedbackMs = nowMs;
      const media = this.#video?.ssrc ?? this.#sources[0]?.ssrc ?? 0;
      for (const packet of this.#transportCc.feedback(this.#sender, media)) this.#send(packet);
    }
    if (nowMs - this.#reportMs >= REPORT_MS) {
      this.#reportMs = nowMs;
      this.#report(nowMs);
    }
  }

  #addRoutes(kind: TrackKind, track: AgreedTrack | null): Source | null {
    const [chosen] = track?.codecs ?? [];
    if (track === null || chosen === undefined) return null;
    const source = new Source({
      codec: chosen.codec,
      repairs: kind === 'video' && chosen.feedback.has('nack'),
      output: this.#stream.outputs[kind],
    });
    this.#sources.push(source);
    const wanted = chosen.feedback.has('transport-cc');
    const transportCcId = wanted ? (track.section.transportCcId ?? 0) : 0;
    this.#routes[chosen.payloadType] = { source, rtx: false, transportCcId };
    if (chosen.rtx !== null) this.#routes[chosen.rtx] = { source, rtx: true, transportCcId };
    return source;
  }

  #receiveRtcp(packet: Buffer, nowMs: number): void {
    for (const message of readRtcp(packet)) {
      if (message.type !== 'sender-report') continue;
      const source = this.#sources.find(({ ssrc }) => ssrc === message.ssrc);
      source?.reported(message, this.#shift, nowMs);
      if (source !== undefined) this.#stream.clockKnown(source.kind, nowMs);
    }
  }

  #act(source: Source, { missing, entry }: Arrival, nowMs: number): void {
    if (missing === null) this.#stream.requestKeyframe(nowMs);
    else this.#sendNack(source, missing);
    if (entry === null || source !== this.#video) return;
    if (entry.startsFrame) this.frames += 1;
    if (entry.startsKeyframe) this.#stream.keyframeArrived();
  }

  #sendNack(source: Source, missing: readonly number[]): void {
    if (missing.length === 0 || source.ssrc === null) return;
    this.#send(writeNack(this.#sender, source.ssrc, missing));
  }

  #report(nowMs: number): void {
    const blocks = this.#sources.flatMap((source) => source.reportBlock(nowMs) ?? []);
    if (blocks.length > 0) this.#send(writeReceiverReport(this.#sender, blocks));
    const ssrc = this.#video?.ssrc ?? null;
    if (this.#remb && this.#transportCc === null && ssrc !== null) {
      this.#send(writeRemb(this.#sender, REMB_BITS_PER_SECOND, [ssrc]));
    }
  }
}
