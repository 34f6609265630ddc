import type { RtpStart } from '../media/outlet.ts';
import type { Answer } from './answer.ts';
import { PathEstimate, type PathObservation } from './path-estimate.ts';
import type { Peer } from './peer.ts';
import type { Traffic } from './publisher.ts';
import { ResendBudget } from './resend-budget.ts';
import { isRtcp, readRtcp } from './rtp/rtcp-read.ts';
import { AUDIO_CLOCK, VIDEO_CLOCK, rtpTimestampAt, ticksBetween } from './rtp/rtp-clock.ts';
import { RtpStream, type Outlet } from './rtp-stream.ts';

const REPORT_MS = 1_000;
/** Peers report several times a second; silence means that nobody is there. */
const SILENCE_MS = 8_000;

export interface SenderParts {
  readonly peer: Pick<Peer, 'send'>;
  readonly answer: Pick<Answer, 'video' | 'audio'>;
  readonly video: RtpStart;
  /** null: there is no sound. */
  readonly audio: RtpStart | null;
  readonly cname: string;
  /** The encoder's rate at first. */
  readonly targetKbps: number;
  /** The clock that timestamps are made from. */
  readonly runningTimeNs: () => bigint;
  readonly onKeyframeWish: () => void;
  readonly onSilence: () => void;
}

/** Carries RTP to a connected peer and acts on what comes back. */
export class Sender {
  readonly #parts: SenderParts;
  readonly #video: RtpStream;
  readonly #audio: RtpStream | null;
  readonly #path = new PathEstimate();
  readonly #repairs = new ResendBudget();
  readonly #timer: NodeJS.Timeout;
  readonly #counts = { encodeSumMs: 0, resent: 0, keyframeRequests: 0 };
  #transportSequence = 0;
  #targetKbps: number;
  #heardAtMs = performance.now();

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.#targetKbps = parts.targetKbps;
    const send = (packet: Buffer): boolean => parts.peer.send(packet);
    // Sound and headers take their part of the path by themselves: what is left is the picture's.
    const picture: Outlet = { number: (bytes) => this.#number(bytes), send };
    const sound: Outlet = { number: () => this.#number(0), send };
    const { answer } = parts;
    this.#video = new RtpStream(parts.video, VIDEO_CLOCK, answer.video, picture);
    this.#audio =
      parts.audio === null || answer.audio === null
        ? null
        : new RtpStream(parts.audio, AUDIO_CLOCK, answer.audio, sound);
    this.#timer = setInterval(() => this.#report(), REPORT_MS);
  }

  /** Sends a packet of the picture; false when it did not go out. */
  picture(packet: Buffer): boolean {
    const { frames } = this.#video;
    const isSent = this.#video.take(packet);
    // The last packet of a picture: its timestamp is when it was captured.
    if (this.#video.frames > frames) {
      const nowTicks = rtpTimestampAt(this.#parts.video, VIDEO_CLOCK, this.#parts.runningTimeNs());
      const ticks = ticksBetween(packet.readUInt32BE(4), nowTicks);
      this.#counts.encodeSumMs += Math.max(0, ticks) / (VIDEO_CLOCK / 1_000);
    }
    return isSent;
  }

  /** Sends a packet of the sound, if the peer takes any. */
  sound(packet: Buffer): void {
    this.#audio?.take(packet);
  }

  /** For how long nothing has arrived. */
  get silentMs(): number {
    return performance.now() - this.#heardAtMs;
  }

  /** Whatever arrives from the peer. */
  receive(packet: Buffer): void {
    if (!isRtcp(packet)) return;
    const nowMs = performance.now();
    this.#heardAtMs = nowMs;
    for (const message of readRtcp(packet)) {
      if (message.type === 'keyframe') {
        this.#counts.keyframeRequests += 1;
        this.#parts.onKeyframeWish();
      } else if (message.type === 'nack') {
        const stream = message.ssrc === this.#audio?.ssrc ? this.#audio : this.#video;
        const allow = (bytes: number) => this.#repairs.take(bytes, nowMs, this.#targetKbps);
        const { repairMs } = this.#path;
        this.#counts.resent += stream.resend(message.sequences, nowMs, repairMs, allow);
      } else {
        this.#path.take(message, nowMs, Date.now());
      }
    }
  }

  /** What was learnt of the path since the last call. */
  observe(): PathObservation {
    return this.#path.observe(performance.now());
  }

  /** Repairs take a share of this rate. */
  targetChanged(kbps: number): void {
    this.#targetKbps = kbps;
  }

  get traffic(): Omit<Traffic, 'keyframes'> {
    const { octets = 0, packets = 0 } = this.#audio ?? {};
    return {
      octets: this.#video.octets + octets,
      packets: this.#video.packets + packets,
      frames: this.#video.frames,
      ...this.#counts,
      rttMs: this.#path.rttMs,
    };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #number(pictureBytes: number): number {
    const sequence = this.#transportSequence;
    this.#transportSequence = (sequence + 1) & 0xffff;
    this.#path.sent(sequence, pictureBytes, performance.now());
    return sequence;
  }

  #report(): void {
    const { cname, onSilence } = this.#parts;
    const wallMs = Date.now();
    const runningTimeNs = this.#parts.runningTimeNs();
    this.#video.report(wallMs, runningTimeNs, cname);
    this.#audio?.report(wallMs, runningTimeNs, cname);
    if (this.silentMs > SILENCE_MS) onSilence();
  }
}
