import { randomBytes } from 'node:crypto';

import type { Traffic } from '../traffic.ts';
import type { VideoCodec } from './codec.ts';
import { isRtcp, parseRtp, readExtension16 } from './rtp/header.ts';
import { readRtcp } from './rtp/rtcp-read.ts';
import { writeNack, writePli, writeReceiverReport, writeRemb } from './rtp/rtcp-write.ts';
import { NtpShift } from './rtp/sender-clock.ts';
import { TransportCc } from './rtp/transport-cc.ts';
import { LayerRoutes } from './layer-routes.ts';
import type { Layers } from './layers.ts';
import type { Output } from './output.ts';
import type { AgreedTrack, Agreement } from './sdp/agreement.ts';
import type { Arrival } from './source.ts';
import { Source } from './source.ts';

/** What a publisher needs of its stream. */
export interface PublishedStream {
  readonly audio: Output;
  readonly video: Layers;
  /** The publisher has said how the clock of an output runs. */
  clockKnown(output: Output, nowMs: number): void;
}

interface Route {
  /** Null with simulcast: then the packet tells. */
  readonly source: Source | null;
  readonly layers: LayerRoutes | null;
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
  readonly #traffic: Traffic;
  readonly #sender = randomBytes(4).readUInt32BE(0);
  readonly #routes: (Route | undefined)[] = new Array<Route | undefined>(128).fill(undefined);
  readonly #sources: Source[] = [];
  readonly #video: readonly Source[];
  readonly #shift = new NtpShift();
  readonly #transportCc: TransportCc | null;
  readonly #remb: boolean;
  #feedbackMs = 0;
  #reportMs = 0;

  constructor(options: {
    readonly agreement: Agreement;
    readonly stream: PublishedStream;
    readonly send: (packet: Buffer) => boolean;
    readonly traffic: Traffic;
    readonly nowMs: number;
  }) {
    const { agreement, stream, send, nowMs } = options;
    this.#stream = stream;
    this.#send = send;
    this.#traffic = options.traffic;
    if (agreement.audio !== null) this.#addRoutes(agreement.audio, [stream.audio]);
    const rids = agreement.video?.layers?.encodings.map(({ rid }) => rid) ?? null;
    const outputs = stream.video.begin(rids, nowMs);
    this.#video = agreement.video === null ? [] : this.#addRoutes(agreement.video, outputs);
    const ids = this.#routes.map((route) => route?.transportCcId ?? 0);
    this.#transportCc = ids.some((id) => id > 0) ? new TransportCc() : null;
    this.#remb = agreement.video?.codecs[0]?.feedback.has('goog-remb') ?? false;
  }

  /** The video codec negotiated, or null for audio alone. */
  get videoCodec(): VideoCodec | null {
    const codec = this.#video[0]?.codec;
    return codec === undefined || codec === 'Opus' ? null : codec;
  }

  get hasAudio(): boolean {
    return this.#sources.some((source) => source.codec === 'Opus');
  }

  /** Video frames received, of the layer that has most. */
  get frames(): number {
    return Math.max(0, ...this.#video.map(({ frames }) => frames));
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
    const { rtx } = route;
    const source = route.source ?? route.layers?.find(packet, header, rtx) ?? null;
    if (source === null) return;
    const arrival = rtx
      ? source.repaired(packet, header, nowMs)
      : source.arrived(packet, header, nowMs);
    this.#act(source, arrival, nowMs);
  }

  /** Asks for a key frame; without effect until the first video packet has named its SSRC. */
  requestKeyframe(output: Output): boolean {
    const ssrc = this.#video.find((source) => source.output === output)?.ssrc ?? null;
    return ssrc !== null && this.#send(writePli(this.#sender, ssrc));
  }

  /** Sends what has become due. */
  tick(nowMs: number): void {
    for (const source of this.#sources) this.#sendNack(source, source.missing(nowMs));
    if (this.#transportCc !== null && nowMs - this.#feedbackMs >= FEEDBACK_MS) {
      this.#feedbackMs = nowMs;
      const media = this.#video[0]?.ssrc ?? this.#sources[0]?.ssrc ?? 0;
      for (const packet of this.#transportCc.feedback(this.#sender, media)) this.#send(packet);
    }
    if (nowMs - this.#reportMs >= REPORT_MS) {
      this.#reportMs = nowMs;
      this.#report(nowMs);
    }
  }

  #addRoutes(track: AgreedTrack, outputs: readonly Output[]): readonly Source[] {
    const [chosen] = track.codecs;
    if (chosen === undefined) return [];
    const sources = outputs.map(
      (output) =>
        new Source({
          codec: chosen.codec,
          repairs: track.kind === 'video' && chosen.feedback.has('nack'),
          output,
          layered: track.layers !== null,
          playoutDelayId: track.section.playoutDelayId,
        }),
    );
    this.#sources.push(...sources);
    const layers = track.layers && new LayerRoutes(track.layers, sources);
    const source = layers === null ? (sources[0] ?? null) : null;
    const wanted = chosen.feedback.has('transport-cc');
    const transportCcId = wanted ? (track.section.transportCcId ?? 0) : 0;
    const route = { source, layers, transportCcId };
    this.#routes[chosen.payloadType] = { ...route, rtx: false };
    if (chosen.rtx !== null) this.#routes[chosen.rtx] = { ...route, rtx: true };
    return sources;
  }

  #receiveRtcp(packet: Buffer, nowMs: number): void {
    for (const message of readRtcp(packet)) {
      if (message.type !== 'sender-report') continue;
      const source = this.#sources.find(({ ssrc }) => ssrc === message.ssrc);
      source?.reported(message, this.#shift, nowMs);
      if (source !== undefined) this.#stream.clockKnown(source.output, nowMs);
    }
  }

  #act(source: Source, { missing, entry }: Arrival, nowMs: number): void {
    if (missing === null) this.#stream.video.requestKeyframe(source.output, nowMs);
    else this.#sendNack(source, missing);
    if (entry?.startsKeyframe === true) this.#stream.video.keyframeArrived(source.output);
  }

  #sendNack(source: Source, missing: readonly number[]): void {
    if (missing.length === 0 || source.ssrc === null) return;
    this.#traffic.missed += missing.length;
    this.#send(writeNack(this.#sender, source.ssrc, missing));
  }

  #report(nowMs: number): void {
    const blocks = this.#sources.flatMap((source) => source.reportBlock(nowMs) ?? []);
    if (blocks.length > 0) this.#send(writeReceiverReport(this.#sender, blocks));
    const ssrcs = this.#video.flatMap(({ ssrc }) => ssrc ?? []);
    if (this.#remb && this.#transportCc === null && ssrcs.length > 0) {
      this.#send(writeRemb(this.#sender, REMB_BITS_PER_SECOND, ssrcs));
    }
  }
}
