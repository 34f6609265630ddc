import { randomInt } from 'node:crypto';

import type { VideoCodec } from '../../../srs/embedded/rtc/codec.ts';
import { writeHeader } from '../../../srs/embedded/rtc/rtp/header.ts';
import { readRtcp } from '../../../srs/embedded/rtc/rtp/rtcp-read.ts';
import { writeSenderReport } from '../../../srs/embedded/rtc/rtp/rtcp-write.ts';
import { NTP_EPOCH_MS } from '../../../srs/embedded/rtc/rtp/sender-clock.ts';
import { PAYLOAD_TYPES, TRANSPORT_CC_ID, writePeerOffer } from './peer-offer.ts';
import { connectPeer, PipePeer } from './pipe-peer.ts';
import { packetizeFrame } from './synthetic-frame.ts';

export interface RtpPublisherOptions {
  /** null: audio only. Default H264. */
  readonly video?: VideoCodec | null;
  readonly audio?: boolean;
  /** Whether the offer names its SSRCs. Default true. */
  readonly announceSsrc?: boolean;
  readonly rtx?: boolean;
  readonly transportCc?: boolean;
  readonly setup?: 'actpass' | 'active' | 'passive';
  /** Its ICE credentials; made up by the library when absent. */
  readonly ice?: { readonly ufrag: string; readonly pwd: string };
  readonly fps?: number;
  readonly bitsPerSecond?: number;
  readonly packetBytes?: number;
  /** Called for each media packet before it is sent; true loses it on the way. */
  readonly lose?: (kind: 'audio' | 'video', sequence: number) => boolean;
}

interface Outgoing {
  readonly ssrc: number;
  sequence: number;
  timestamp: number;
  packets: number;
  octets: number;
}

interface Sent {
  readonly payload: Buffer;
  readonly marker: boolean;
  readonly timestamp: number;
}

const AUDIO_MS = 20;
const SENT_KEPT = 1_024;
const outgoing = (): Outgoing => ({
  ssrc: randomInt(1, 0xffffffff),
  sequence: randomInt(0x10000),
  timestamp: randomInt(0xffffffff),
  packets: 0,
  octets: 0,
});

/**
 * A WHIP client that sends synthetic, correctly packetised media: a key frame first and on every
 * PLI or FIR, repairs on NACK, sender reports. Each payload ends in its sending time.
 */
export class RtpPublisher {
  readonly counts = {
    frames: 0,
    keyframes: 0,
    plis: 0,
    nacked: 0,
    resent: 0,
    transportCc: 0,
    receiverReports: 0,
  };
  readonly audio = outgoing();
  readonly video = outgoing();
  readonly #options: RtpPublisherOptions;
  readonly #peer = new PipePeer((packet) => this.#receive(packet));
  readonly #rtx = outgoing();
  readonly #sent = new Map<number, Sent>();
  #timers: NodeJS.Timeout[] = [];
  #keyframeWanted = true;
  #transportSequence = 0;
  #answer = '';
  #audioFrames = 0;

  constructor(options: RtpPublisherOptions = {}) {
    this.#options = options;
  }

  /** Offers, exchanges and waits until connected; see `connectPeer`. */
  static connect(
    exchange: (offer: string) => Promise<string>,
    options: RtpPublisherOptions = {},
  ): Promise<RtpPublisher> {
    return connectPeer(() => new RtpPublisher(options), exchange);
  }

  get connected(): Promise<void> {
    return this.#peer.connected;
  }

  /** Settles when the server, or `close()`, ended the session. */
  get ended(): Promise<void> {
    return this.#peer.ended;
  }

  async offer(): Promise<string> {
    const {
      audio = true,
      announceSsrc = true,
      rtx = true,
      transportCc = true,
      setup,
    } = this.#options;
    const codec = this.#codec;
    return writePeerOffer(
      {
        direction: 'sendonly',
        audio,
        videoCodecs: codec === null ? [] : [codec],
        rtx,
        transportCc,
        ...(setup === undefined ? {} : { setup }),
        ...(announceSsrc
          ? { ssrcs: { audio: this.audio.ssrc, video: this.video.ssrc, rtx: this.#rtx.ssrc } }
          : {}),
      },
      await this.#peer.start(this.#options.ice),
    );
  }

  /** Takes the server's answer; media starts when the connection is up. */
  accept(answer: string): void {
    this.#answer = answer;
    this.#peer.accept(answer);
    void this.connected.then(
      () => this.#start(),
      () => undefined,
    );
  }

  /** Stops sending media without leaving, as a page whose tracks are muted. */
  pause(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }

  /** Goes without a word; see `PipePeer.close`. */
  close(): void {
    this.pause();
    this.#peer.close();
  }

  get #codec(): VideoCodec | null {
    return this.#options.video === undefined ? 'H264' : this.#options.video;
  }

  #start(): void {
    const { audio = true, fps = 30 } = this.#options;
    this.pause();
    this.#every(1_000, () => this.#sendReports());
    if (audio) this.#every(AUDIO_MS, () => this.#sendAudio());
    if (this.#codec !== null) this.#every(1_000 / fps, () => this.#sendFrame());
    this.#sendReports();
  }

  /** Timers of Node drift: this one makes up for what it missed. */
  #every(periodMs: number, act: () => void): void {
    const startMs = performance.now();
    let done = 0;
    const timer = setInterval(
      () => {
        const due = Math.floor((performance.now() - startMs) / periodMs);
        for (; done < due; done += 1) act();
      },
      Math.max(1, Math.floor(periodMs / 2)),
    );
    this.#timers.push(timer);
    act();
    done += 1;
  }

  #sendAudio(): void {
    this.audio.timestamp = (this.audio.timestamp + (this.#audioFrames > 0 ? 960 : 0)) >>> 0;
    this.#audioFrames += 1;
    this.#sendRtp('audio', Buffer.alloc(120, 0x11), false);
  }

  #sendFrame(): void {
    const codec = this.#codec;
    const { fps = 30, bitsPerSecond = 1_000_000, packetBytes = 1_100 } = this.#options;
    if (codec === null) return;
    if (this.counts.frames > 0) {
      this.video.timestamp = (this.video.timestamp + Math.round(90_000 / fps)) >>> 0;
    }
    const key = this.#keyframeWanted;
    this.#keyframeWanted = false;
    const bytes = Math.ceil(bitsPerSecond / 8 / fps) * (key ? 5 : 1);
    const payloads = packetizeFrame(codec, { key, bytes, packetBytes });
    payloads.forEach((payload, index) => {
      this.#sendRtp('video', payload, index === payloads.length - 1);
    });
    this.counts.frames += 1;
    if (key) this.counts.keyframes += 1;
  }

  #sendRtp(kind: 'audio' | 'video', payload: Buffer, marker: boolean): void {
    const stream = this[kind];
    const payloadType = PAYLOAD_TYPES[kind === 'audio' ? 'Opus' : (this.#codec ?? 'H264')];
    payload.writeDoubleBE(performance.timeOrigin + performance.now(), payload.length - 8);
    const { sequence, timestamp, ssrc } = stream;
    if (kind === 'video') {
      this.#sent.set(sequence, { payload, marker, timestamp });
      this.#sent.delete((sequence - SENT_KEPT) & 0xffff);
    }
    stream.sequence = (sequence + 1) & 0xffff;
    stream.packets += 1;
    stream.octets += payload.length;
    const packet = this.#packet(payload, { marker, payloadType, sequence, timestamp, ssrc });
    if (this.#options.lose?.(kind, sequence) !== true) this.#peer.send(packet);
  }

  #packet(payload: Buffer, header: Parameters<typeof writeHeader>[1]): Buffer {
    const extended = this.#answer.includes(`a=extmap:${TRANSPORT_CC_ID} `);
    const packet = Buffer.alloc((extended ? 20 : 12) + payload.length);
    writeHeader(packet, header);
    if (extended) {
      packet[0] = 0x90;
      packet.writeUInt32BE(0xbede0001, 12);
      packet[16] = (TRANSPORT_CC_ID << 4) | 1;
      packet.writeUInt16BE(this.#transportSequence, 17);
      this.#transportSequence = (this.#transportSequence + 1) & 0xffff;
    }
    payload.copy(packet, packet.length - payload.length);
    return packet;
  }

  #sendReports(): void {
    for (const stream of [this.audio, this.video]) {
      if (stream.packets === 0) continue;
      const { ssrc, packets, octets, timestamp: rtp } = stream;
      const ntpMs = performance.timeOrigin + performance.now() + NTP_EPOCH_MS;
      this.#peer.send(writeSenderReport({ ssrc, ntpMs, rtp, packets, octets, cname: 'test-peer' }));
    }
  }

  #receive(packet: Buffer): void {
    if (packet[1] === 205 && ((packet[0] ?? 0) & 0x1f) === 15) this.counts.transportCc += 1;
    if (packet[1] === 201) this.counts.receiverReports += 1;
    for (const message of readRtcp(packet)) {
      if (message.type === 'nack') this.#resend(message.sequences);
      if (message.type === 'pli' || message.type === 'fir') {
        this.counts.plis += 1;
        this.#keyframeWanted = true;
      }
    }
  }

  #resend(sequences: readonly number[]): void {
    const media = PAYLOAD_TYPES[this.#codec ?? 'H264'];
    const rtx = this.#answer.includes(`a=rtpmap:${media + 1} rtx/`);
    for (const sequence of sequences) {
      this.counts.nacked += 1;
      const sent = this.#sent.get(sequence);
      if (sent === undefined) continue;
      const { marker, timestamp } = sent;
      const header = { marker, timestamp, payloadType: media, sequence, ssrc: this.video.ssrc };
      this.#peer.send(
        rtx ? this.#retransmission(sent, header) : this.#packet(sent.payload, header),
      );
      this.counts.resent += 1;
    }
  }

  /** RFC 4588 §4: own SSRC, number and payload type; the original's number leads the payload. */
  #retransmission(sent: Sent, original: Parameters<typeof writeHeader>[1]): Buffer {
    const { ssrc, sequence } = this.#rtx;
    this.#rtx.sequence = (sequence + 1) & 0xffff;
    const number = Buffer.alloc(2);
    number.writeUInt16BE(original.sequence);
    const payloadType = original.payloadType + 1;
    const header = { ...original, payloadType, sequence, ssrc };
    return this.#packet(Buffer.concat([number, sent.payload]), header);
  }
}
