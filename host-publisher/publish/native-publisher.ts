import { randomBytes } from 'node:crypto';
import type { RtpStart } from '../media/outlet.ts';
import type { Pipeline } from '../media/gstreamer/pipeline.ts';
import type { IceServer } from '../media/plan.ts';
import { readAnswer } from './answer.ts';
import { writeOffer } from './offer.ts';
import { Peer } from './peer.ts';
import { withinFirstPacketTime, type Publisher, type Traffic } from './publisher.ts';
import type { PathObservation } from './path-estimate.ts';
import { RtpSource } from './rtp-source.ts';
import { Sender } from './sender.ts';

export interface NativePublisherParts {
  readonly pipeline: Pipeline;
  /** Starts the pipeline. */
  readonly play: () => Promise<void>;
  /** Has pictures and sound come into it: nothing is encoded before. */
  readonly flow: () => void;
  readonly iceServers: readonly IceServer[];
  readonly codec: 'H264' | 'VP8';
  readonly video: RtpStart;
  /** null: the pipeline has no sound. */
  readonly audio: RtpStart | null;
  readonly targetKbps: number;
  /** See {@link RtpSource.mark}. */
  readonly onPictured: (mark: number, rtpTimestamp: number) => void;
}

const NOTHING: Traffic = {
  octets: 0,
  packets: 0,
  frames: 0,
  encodeSumMs: 0,
  resent: 0,
  keyframeRequests: 0,
  keyframes: 0,
  rttMs: null,
};

/** The project's own WHIP publisher: RTP from the pipeline's payloaders through libdatachannel. */
export class NativePublisher implements Publisher {
  readonly #parts: NativePublisherParts;
  readonly #peer: Peer;
  readonly #cname = randomBytes(8).toString('hex');
  readonly #silent = Promise.withResolvers<string>();
  #sender: Sender | null = null;
  #source: RtpSource | null = null;

  constructor(parts: NativePublisherParts) {
    this.#parts = parts;
    this.#peer = new Peer(parts.iceServers, (packet) => this.#sender?.receive(packet));
  }

  get gone(): Promise<string> {
    return Promise.race([this.#peer.gone, this.#silent.promise]);
  }

  get traffic(): Traffic {
    const { traffic } = this.#sender ?? {};
    return traffic === undefined
      ? NOTHING
      : { ...traffic, keyframes: this.#source?.keyframes ?? 0 };
  }

  async offer(): Promise<string> {
    const { codec, video, audio } = this.#parts;
    const media = {
      codec,
      videoSsrc: video.ssrc,
      audioSsrc: audio?.ssrc ?? null,
      cname: this.#cname,
    };
    return writeOffer(media, await this.#peer.gather());
  }

  async connect(sdp: string): Promise<void> {
    const { pipeline, play, flow, codec, video, audio, targetKbps, onPictured } = this.#parts;
    const answer = readAnswer(sdp, codec);
    const first = Promise.withResolvers<undefined>();
    const sender = new Sender({
      ...{ peer: this.#peer, answer, video, audio, cname: this.#cname, targetKbps },
      runningTimeNs: () => pipeline.runningTimeNs,
      onKeyframeWish: () => this.askKeyframe(),
      onSilence: () => this.#silent.resolve('the media server is silent'),
    });
    this.#sender = sender;
    this.#source = new RtpSource({
      ...{ pipeline, video, sound: audio !== null, onPictured },
      onPicture: (packet) => {
        if (!sender.picture(packet)) return false;
        first.resolve(undefined);
        return true;
      },
      onSound: (packet) => sender.sound(packet),
    });
    await Promise.all([this.#peer.connect(answer), play()]);
    flow();
    this.askKeyframe();
    await withinFirstPacketTime(first.promise);
  }

  observe(): PathObservation {
    return this.#sender?.observe() ?? { by: 'reports', loss: null, rembKbps: null };
  }

  targetChanged(kbps: number): void {
    this.#sender?.targetChanged(kbps);
  }

  mark(mark: number): void {
    this.#source?.mark(mark);
  }

  askKeyframe(): void {
    this.#source?.askKeyframe();
  }

  close(): void {
    this.#source?.close();
    this.#sender?.close();
    this.#peer.close();
  }
}
