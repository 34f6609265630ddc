import { randomBytes } from 'node:crypto';
import { AUDIO_PAYLOAD_TYPE, VIDEO_PAYLOAD_TYPE, type LoadPeer } from './load-peer.ts';

export interface RtpSourceOptions {
  /** Video alone; audio adds 48 kbit/s. */
  readonly videoBitsPerSecond: number;
}

const FRAMES_PER_SECOND = 30;
const KEY_FRAME_EVERY = 60;
const AUDIO_EVERY_MS = 20;
const AUDIO_BYTES = 120;
const LARGEST_PAYLOAD = 1000;

/** H.264 as SRS and browsers packetise it (RFC 6184), with noise for the slices. */
const SPS_PPS = Buffer.from(
  '7800176742e01fda014016ec0440000003004000000fa3c60ca8000468ce3c80',
  'hex',
);
const FU_A = 0x7c;
const [SLICE, KEY_SLICE] = [1, 5];
const [FU_START, FU_END] = [0x80, 0x40];

/**
 * Sends a 30 fps H.264 and a 20 ms Opus stream of constant bitrate through a publisher: nothing
 * that a decoder would show, everything that a forwarder looks at. Answers PLI with a key frame.
 */
export class RtpSource {
  packets = 0;
  readonly #peer: LoadPeer;
  readonly #frameBytes: number;
  readonly #noise = randomBytes(65_536);
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #frames = 0;
  #audioFrames = 0;
  #videoSequence = 1;
  #audioSequence = 1;
  #keyFrameAsked = true;

  constructor(peer: LoadPeer, { videoBitsPerSecond }: RtpSourceOptions) {
    this.#peer = peer;
    this.#frameBytes = Math.round(videoBitsPerSecond / 8 / FRAMES_PER_SECOND);
    this.#timer = setInterval(() => this.#catchUp(), 5);
  }

  /** RTCP PSFB with format PLI or FIR (RFC 4585 §6.3). */
  hear(packet: Buffer): void {
    for (let at = 0; at + 4 <= packet.length; at += (packet.readUInt16BE(at + 2) + 1) * 4) {
      const format = packet.readUInt8(at) & 0x1f;
      if (packet.readUInt8(at + 1) === 206 && (format === 1 || format === 4)) {
        this.#keyFrameAsked = true;
      }
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #catchUp(): void {
    const elapsedMs = performance.now() - this.#startedAt;
    while (this.#frames < (elapsedMs * FRAMES_PER_SECOND) / 1000) this.#sendFrame();
    while (this.#audioFrames < elapsedMs / AUDIO_EVERY_MS) this.#sendAudio();
  }

  #sendFrame(): void {
    const isKey = this.#keyFrameAsked || this.#frames % KEY_FRAME_EVERY === 0;
    this.#keyFrameAsked = false;
    const timestamp = this.#frames * (90_000 / FRAMES_PER_SECOND);
    this.#frames += 1;
    if (isKey) this.#sendVideo(SPS_PPS, timestamp, false);
    const parts = Math.max(2, Math.ceil(this.#frameBytes / LARGEST_PAYLOAD));
    const bytes = Math.floor(this.#frameBytes / parts);
    for (let part = 0; part < parts; part += 1) {
      const from = (this.#videoSequence * 37) % 32_768;
      const payload = Buffer.from(this.#noise.subarray(from, from + bytes));
      const edge = part === 0 ? FU_START : part === parts - 1 ? FU_END : 0;
      payload.writeUInt8(FU_A, 0);
      payload.writeUInt8(edge | (isKey ? KEY_SLICE : SLICE), 1);
      this.#sendVideo(payload, timestamp, part === parts - 1);
    }
  }

  #sendVideo(payload: Buffer, timestamp: number, marker: boolean): void {
    const ssrc = this.#peer.videoSsrc;
    const type = VIDEO_PAYLOAD_TYPE | (marker ? 0x80 : 0);
    const packet = rtp({ type, sequence: this.#videoSequence, timestamp, ssrc }, payload);
    this.#videoSequence += 1;
    if (this.#peer.sendVideo(packet)) this.packets += 1;
  }

  #sendAudio(): void {
    const timestamp = this.#audioFrames * 960;
    this.#audioFrames += 1;
    const ssrc = this.#peer.audioSsrc;
    const header = { type: AUDIO_PAYLOAD_TYPE, sequence: this.#audioSequence, timestamp, ssrc };
    this.#audioSequence += 1;
    if (this.#peer.sendAudio(rtp(header, this.#noise.subarray(0, AUDIO_BYTES)))) this.packets += 1;
  }
}

/** A packet without extensions (RFC 3550 §5.1). */
function rtp(
  header: {
    readonly type: number;
    readonly sequence: number;
    readonly timestamp: number;
    readonly ssrc: number;
  },
  payload: Uint8Array,
): Buffer {
  const packet = Buffer.allocUnsafe(12 + payload.length);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(header.type, 1);
  packet.writeUInt16BE(header.sequence & 0xffff, 2);
  packet.writeUInt32BE(header.timestamp >>> 0, 4);
  packet.writeUInt32BE(header.ssrc >>> 0, 8);
  packet.set(payload, 12);
  return packet;
}
