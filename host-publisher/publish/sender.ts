import type { HostFigures } from '../../gateway/protocol/host.ts';
import { SINKS, type RtpStart } from '../media/description.ts';
import type { Pipeline } from '../media/gstreamer/pipeline.ts';
import type { Answer } from './answer.ts';
import { KeyframeGate } from './keyframe-gate.ts';
import { PathEstimate } from './path-estimate.ts';
import type { Peer } from './peer.ts';
import {
  POLICY_PERIOD_MS,
  nextTargetKbps,
  type PathObservation,
  type RateLimits,
} from './rate-policy.ts';
import { ResendBudget } from './resend-budget.ts';
import { isRtcp, readRtcp } from './rtp/rtcp-read.ts';
import { RtpStream, type Outlet } from './rtp-stream.ts';

const VIDEO_CLOCK = 90_000;
const AUDIO_CLOCK = 48_000;
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
  readonly limits: RateLimits;
  /** Sets the encoder's rate. */
  readonly setBitrate: (kbps: number) => void;
  readonly onFirstPacket: () => void;
  readonly onFigures: (figures: HostFigures) => void;
  readonly onSilence: () => void;
}

/** Carries a pipeline's RTP to a connected peer and acts on what comes back. */
export class Sender {
  readonly #parts: SenderParts;
  readonly #video: RtpStream;
  readonly #audio: RtpStream | null;
  readonly #path = new PathEstimate();
  readonly #repairs = new ResendBudget();
  readonly #gate: KeyframeGate;
  readonly #timers: NodeJS.Timeout[];
  readonly #counts = { resent: 0, keyframeRequests: 0, keyframes: 0, octets: 0, frames: 0 };
  #transportSequence = 0;
  #targetKbps: number;
  #seen: PathObservation = { by: 'reports', loss: null, rembKbps: null };
  #heardAtMs = performance.now();

  constructor(parts: SenderParts) {
    this.#parts = parts;
    this.#targetKbps = parts.limits.mostKbps;
    const outlet: Outlet = {
      number: (bytes) => this.#number(bytes),
      send: (packet) => parts.peer.send(packet),
    };
    const { answer, pipeline } = parts;
    this.#video = new RtpStream(parts.video, VIDEO_CLOCK, answer.video, outlet);
    this.#audio =
      parts.audio === null || answer.audio === null
        ? null
        : new RtpStream(parts.audio, AUDIO_CLOCK, answer.audio, outlet);
    this.#gate = new KeyframeGate(() => {
      this.#counts.keyframes += 1;
      pipeline.forceKeyframe(SINKS.video);
    });
    pipeline.onBuffer(SINKS.video, (packet) => {
      if (this.#video.take(packet) && this.#video.packets === 1) parts.onFirstPacket();
    });
    if (parts.audio !== null)
      pipeline.onBuffer(SINKS.audio, (packet) => void this.#audio?.take(packet));
    this.#timers = [
      setInterval(() => this.#adapt(), POLICY_PERIOD_MS),
      setInterval(() => this.#report(), REPORT_MS),
    ];
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

  /** Asks for a key frame, as soon as one may be sent. */
  askKeyframe(): void {
    this.#gate.ask();
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#gate.close();
  }

  #number(bytes: number): number {
    const sequence = this.#transportSequence;
    this.#transportSequence = (sequence + 1) & 0xffff;
    this.#path.sent(sequence, bytes, performance.now());
    return sequence;
  }

  #adapt(): void {
    this.#seen = this.#path.observe(performance.now());
    const next = nextTargetKbps(this.#targetKbps, this.#seen, this.#parts.limits);
    if (next === this.#targetKbps) return;
    this.#targetKbps = next;
    this.#parts.setBitrate(next);
  }

  #report(): void {
    const { pipeline, cname, onFigures, onSilence } = this.#parts;
    const wallMs = Date.now();
    const runningTimeNs = pipeline.runningTimeNs;
    this.#video.report(wallMs, runningTimeNs, cname);
    this.#audio?.report(wallMs, runningTimeNs, cname);
    onFigures(this.#figures());
    if (performance.now() - this.#heardAtMs > SILENCE_MS) onSilence();
  }

  #figures(): HostFigures {
    const octets = this.#video.octets + (this.#audio?.octets ?? 0);
    const { frames, packets } = this.#video;
    const seen = this.#seen;
    const figures: HostFigures = {
      targetKbps: this.#targetKbps,
      sentKbps: Math.round(((octets - this.#counts.octets) * 8) / REPORT_MS),
      arrivedKbps: seen.by === 'transport' ? rounded(seen.arrivedKbps) : null,
      queueMs: seen.by === 'transport' ? rounded(seen.queueMs) : null,
      loss: seen.loss,
      rttMs: rounded(this.#path.rttMs),
      packets: packets + (this.#audio?.packets ?? 0),
      framesPerSecond: frames - this.#counts.frames,
      resent: this.#counts.resent,
      keyframeRequests: this.#counts.keyframeRequests,
      keyframes: this.#counts.keyframes,
    };
    this.#counts.octets = octets;
    this.#counts.frames = frames;
    return figures;
  }
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10) / 10;
}
