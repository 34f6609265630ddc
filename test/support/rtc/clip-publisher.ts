import { randomInt } from 'node:crypto';
import { writeHeader } from '../../../srs/embedded/rtc/rtp/header.ts';
import { writeSenderReport } from '../../../srs/embedded/rtc/rtp/rtcp-write.ts';
import { NTP_EPOCH_MS } from '../../../srs/embedded/rtc/rtp/sender-clock.ts';
import { CLIP_FPS, SOUND_PACKET_MS, type EncodedClip } from '../media/encoded-clip.ts';
import { PAYLOAD_TYPES, writePeerOffer } from './peer-offer.ts';
import { connectPeer, PipePeer } from './pipe-peer.ts';

const PACKET_BYTES = 1_100;
const REPORT_MS = 500;

interface Outgoing {
  readonly kind: 'audio' | 'video';
  readonly ssrc: number;
  readonly rate: number;
  readonly payloadType: number;
  /** RTP time of the clip's first moment. */
  readonly base: number;
  sequence: number;
  packets: number;
  octets: number;
}

const outgoing = (kind: 'audio' | 'video', rate: number): Outgoing => ({
  ...{ kind, ssrc: randomInt(1, 0xffffffff), rate, base: randomInt(0x7fffffff) },
  payloadType: kind === 'audio' ? PAYLOAD_TYPES.Opus : PAYLOAD_TYPES.H264,
  ...{ sequence: randomInt(0x8000), packets: 0, octets: 0 },
});

/**
 * A WHIP client that sends a clip of H.264 and Opus over and over, by one clock. Its pictures come
 * later than their sound; its sender reports tell by how much.
 */
export class ClipPublisher {
  readonly #clip: EncodedClip;
  readonly #lateMs: number;
  readonly #peer = new PipePeer(() => undefined);
  readonly #audio = outgoing('audio', 48_000);
  readonly #video = outgoing('video', 90_000);
  #startMs = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #done = { audio: 0, video: 0, reports: 0 };

  constructor(clip: EncodedClip, lateMs: number) {
    this.#clip = clip;
    this.#lateMs = lateMs;
  }

  static connect(
    exchange: (offer: string) => Promise<string>,
    { clip, lateMs }: { readonly clip: EncodedClip; readonly lateMs: number },
  ): Promise<ClipPublisher> {
    return connectPeer(() => new ClipPublisher(clip, lateMs), exchange);
  }

  get connected(): Promise<void> {
    return this.#peer.connected;
  }

  async offer(): Promise<string> {
    const ssrcs = { audio: this.#audio.ssrc, video: this.#video.ssrc, rtx: 1 };
    return writePeerOffer(
      { direction: 'sendonly', audio: true, videoCodecs: ['H264'], rtx: false, ssrcs },
      await this.#peer.start(),
    );
  }

  accept(answer: string): void {
    this.#peer.accept(answer);
    void this.connected.then(
      () => {
        this.#startMs = performance.now();
        this.#timer = setInterval(() => this.#sendDue(), 10);
      },
      () => undefined,
    );
  }

  close(): void {
    clearInterval(this.#timer);
    this.#peer.close();
  }

  #sendDue(): void {
    const { rows, sound } = this.#clip;
    const frames = rows[0]?.frames ?? [];
    const elapsedMs = performance.now() - this.#startMs;
    for (; this.#done.reports * REPORT_MS <= elapsedMs; this.#done.reports += 1) this.#report();
    for (; this.#done.audio * SOUND_PACKET_MS <= elapsedMs; this.#done.audio += 1) {
      const at = this.#done.audio;
      const payload = sound[at % sound.length];
      if (payload !== undefined)
        this.#send(this.#audio, at * SOUND_PACKET_MS, [Buffer.from(payload)]);
    }
    const pictureMs = 1000 / CLIP_FPS;
    for (; this.#done.video * pictureMs + this.#lateMs <= elapsedMs; this.#done.video += 1) {
      const at = this.#done.video;
      const frame = frames[at % frames.length];
      if (frame !== undefined) this.#send(this.#video, at * pictureMs, packetize(frame.payload));
    }
  }

  #send(to: Outgoing, clipMs: number, payloads: readonly Buffer[]): void {
    const timestamp = (to.base + Math.round((clipMs * to.rate) / 1000)) >>> 0;
    payloads.forEach((payload, index) => {
      const marker = to.kind === 'video' && index === payloads.length - 1;
      const packet = Buffer.alloc(12 + payload.length);
      const { payloadType, sequence, ssrc } = to;
      writeHeader(packet, { marker, payloadType, sequence, timestamp, ssrc });
      payload.copy(packet, 12);
      to.sequence = (sequence + 1) & 0xffff;
      to.packets += 1;
      to.octets += payload.length;
      this.#peer.send(packet);
    });
  }

  /** Of the same instant for both: pictures of it are on their way yet. */
  #report(): void {
    const nowMs = performance.now();
    const ntpMs = performance.timeOrigin + nowMs + NTP_EPOCH_MS;
    for (const { ssrc, packets, octets, base, rate } of [this.#audio, this.#video]) {
      const rtp = (base + Math.round(((nowMs - this.#startMs) * rate) / 1000)) >>> 0;
      this.#peer.send(writeSenderReport({ ssrc, ntpMs, rtp, packets, octets, cname: 'test-peer' }));
    }
  }
}

/** RFC 6184: an access unit of Annex B as single units and FU-A. */
function packetize(unit: Uint8Array): Buffer[] {
  return nalUnits(Buffer.from(unit)).flatMap((nal) => {
    if (nal.length <= PACKET_BYTES) return [nal];
    const [head = 0] = nal;
    const parts: Buffer[] = [];
    for (let at = 1; at < nal.length; at += PACKET_BYTES) {
      const ends = at + PACKET_BYTES >= nal.length;
      const flags = (at === 1 ? 0x80 : 0) | (ends ? 0x40 : 0);
      const header = Buffer.from([(head & 0xe0) | 28, flags | (head & 0x1f)]);
      parts.push(Buffer.concat([header, nal.subarray(at, at + PACKET_BYTES)]));
    }
    return parts;
  });
}

function nalUnits(stream: Buffer): Buffer[] {
  const mark = Buffer.from([0, 0, 1]);
  const units: Buffer[] = [];
  for (let at = stream.indexOf(mark); at !== -1;) {
    const next = stream.indexOf(mark, at + 3);
    const end = next === -1 ? stream.length : next - (stream[next - 1] === 0 ? 1 : 0);
    units.push(stream.subarray(at + 3, end));
    at = next;
  }
  return units.filter(({ length }) => length > 0);
}
