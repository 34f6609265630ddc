import { SINKS, type RtpStart } from '../media/outlet.ts';
import type { Pipeline } from '../media/gstreamer/pipeline.ts';
import type { Answer } from './answer.ts';
import { KeyframeGate } from './keyframe-gate.ts';
import { PathEstimate, type PathObservation } from './path-estimate.ts';
import type { Peer } from './peer.ts';
import type { Traffic } from './publisher.ts';
import { PictureMarks } from './picture-marks.ts';
import { ResendBudget } from './resend-budget.ts';
import { isRtcp, readRtcp } from './rtp/rtcp-read.ts';
import { AUDIO_CLOCK, VIDEO_CLOCK } from './rtp/rtp-clock.ts';
import { timestampOf } from './rtp/rtp-packet.ts';
import { RtpStream, type Outlet } from './rtp-stream.ts';

const REPORT_MS = 1_000;
/** The server reports several times a second; silence means that nobody is there. */
const SILENCE_MS = 8_000;

export interface SenderParts {
  readonly pipeline: Pipeline;
  readonly peer: Peer;
  readonly answer: Answer;
  readonly video: RtpStart;
  /** null: the pipeline has no sound. */
  readonly audio: RtpStart | null;
  readonly cname: string;
  /** The encoder's rate at first. */
  readonly targetKbps: number;
  readonly onFirstPacket: () => void;
  readonly onSilence: () => void;
  /** See {@link Sender.mark}. */
  readonly onPictured: (mark: number, rtpTimestamp: number) => void;
}

/** Carries a pipeline's RTP to a connected peer and acts on what comes back. */
export class Sender {
  readonly #parts: SenderParts;
  readonly #video: RtpStream;
  readonly #audio: RtpStream | null;
  readonly #path = new PathEstimate();
  readonly #repairs = new ResendBudget();
  readonly #gate: KeyframeGate;
  readonly #marks: PictureMarks;
  readonly #timer: NodeJS.Timeout;
  readonly #counts = { resent: 0, keyframeRequests: 0, keyframes: 0 };
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
    const { answer, pipeline } = parts;
    this.#video = new RtpStream(parts.video, VIDEO_CLOCK, answer.video, picture);
    this.#audio =
      parts.audio === null || answer.audio === null
        ? null
        : new RtpStream(parts.audio, AUDIO_CLOCK, answer.audio, sound);
    this.#gate = new KeyframeGate(() => {
      this.#counts.keyframes += 1;
      pipeline.forceKeyframe(SINKS.video);
    });
    this.#marks = new PictureMarks(parts.onPictured);
    pipeline.onBuffer(SINKS.video, (packet) => {
      if (!this.#video.take(packet)) return;
      if (this.#video.packets === 1) parts.onFirstPacket();
      this.#marks.sent(timestampOf(packet));
    });
    if (parts.audio !== null)
      pipeline.onBuffer(SINKS.audio, (packet) => void this.#audio?.take(packet));
    this.#timer = setInterval(() => this.#report(), REPORT_MS);
  }

  /** Whatever arrives from the server. */
  receive(packet: Buffer): void {
    if (!isRtcp(packet)) return;
    const nowMs = performance.now();
    this.#heardAtMs = nowMs;
    for (const message of readRtcp(packet)) {
      if (message.type === 'keyframe') {
        this.#counts.keyframeRequests += 1;
        this.#gate.ask();
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

  get traffic(): Traffic {
    const { octets = 0, packets = 0 } = this.#audio ?? {};
    return {
      octets: this.#video.octets + octets,
      packets: this.#video.packets + packets,
      frames: this.#video.frames,
      ...this.#counts,
      rttMs: this.#path.rttMs,
    };
  }

  /** Asks for a key frame, as soon as one may be sent. */
  askKeyframe(): void {
    this.#gate.ask();
  }

  /**
   * Tells by `onPictured`, when its first packet has gone out, of the first picture that was captured
   * after this call: its time in the pipeline is later than now. It shows what was done before.
   */
  mark(mark: number): void {
    this.#marks.wait(mark, this.#video.timestampAt(this.#parts.pipeline.runningTimeNs));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#gate.close();
  }

  #number(pictureBytes: number): number {
    const sequence = this.#transportSequence;
    this.#transportSequence = (sequence + 1) & 0xffff;
    this.#path.sent(sequence, pictureBytes, performance.now());
    return sequence;
  }

  #report(): void {
    const { pipeline, cname, onSilence } = this.#parts;
    const wallMs = Date.now();
    const runningTimeNs = pipeline.runningTimeNs;
    this.#video.report(wallMs, runningTimeNs, cname);
    this.#audio?.report(wallMs, runningTimeNs, cname);
    if (performance.now() - this.#heardAtMs > SILENCE_MS) onSilence();
  }
}
