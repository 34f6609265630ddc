import type { RtpStart } from '../media/outlet.ts';
import type { IceServer } from '../media/plan.ts';
import { MOST_WAIT_FOR_SOUND_MS } from '../publish/answer.ts';
import type { PathObservation } from '../publish/path-estimate.ts';
import type { Traffic } from '../publish/publisher.ts';
import { startsKeyframe } from '../publish/rtp/keyframe-start.ts';
import type { Outgoing } from '../publish/rtp/rtp-packet.ts';
import { Sender } from '../publish/sender.ts';
import { candidatePlace, writeClientAnswer, type AnsweredMedia } from './client-answer.ts';
import { ClientInput } from './client-input.ts';
import {
  readCandidate,
  readClientOffer,
  type ClientOffer,
  type OfferedTrack,
} from './client-offer.ts';
import type { TrickledCandidate } from './trickled-candidate.ts';
import { ClientPeer, type ChannelLabel } from './client-peer.ts';

/** Longer no client takes that means it. */
const CONNECT_MS = 15_000;
const MOST_CANDIDATES = 64;
/** One that its gateway misses is there as long as it was heard within this. */
const DOUBT_MS = 2_000;

/** What all clients of a host get. */
export interface SharedMedia {
  readonly codec: 'H264' | 'VP8';
  readonly video: RtpStart;
  /** Null: there is no sound. */
  readonly audio: RtpStart | null;
  readonly cname: string;
  /** The clock of its timestamps. */
  readonly runningTimeNs: () => bigint;
}

export interface DirectClientParts {
  readonly media: SharedMedia;
  readonly iceServers: readonly IceServer[];
  readonly targetKbps: number;
  readonly onCandidate: (candidate: TrickledCandidate) => void;
  readonly onConnected: () => void;
  readonly onKeyframeWish: () => void;
  readonly onFrame: (text: string) => void;
  /** Once, unless it was closed. */
  readonly onGone: (why: string) => void;
}

/** One client that was answered: its connection, what it is sent, what it sends. */
export class DirectClient {
  readonly #parts: DirectClientParts;
  readonly #offer: ClientOffer;
  readonly #peer: ClientPeer;
  readonly #input: ClientInput;
  readonly #deadline: NodeJS.Timeout;
  /** The channel that asked last. */
  #asked: ChannelLabel = 'keys';
  #doubt: NodeJS.Timeout | undefined;
  #sender: Sender | null = null;
  #targetKbps: number;
  #candidates = 0;
  #awaitsKeyframe = true;

  /** @throws HostError `refused` when the offer is unfit */
  constructor(sdp: string, parts: DirectClientParts) {
    this.#parts = parts;
    this.#targetKbps = parts.targetKbps;
    this.#offer = readClientOffer(sdp, parts.media.codec);
    const place = candidatePlace(this.#offer, parts.media.audio !== null);
    this.#peer = new ClientPeer(parts.iceServers, {
      onConnected: () => this.#connected(),
      onPacket: (packet) => this.#sender?.receive(packet),
      onCandidate: (candidate) => parts.onCandidate({ candidate, ...place }),
      onMessage: (label, text) => {
        this.#asked = label;
        this.#input.hear(text, performance.now());
      },
      onGone: (why) => parts.onGone(why),
    });
    this.#input = new ClientInput({
      onFrame: parts.onFrame,
      reply: (text) => this.#peer.say('keys', text),
      echo: (text) => this.#peer.say(this.#asked, text),
      onHostile: () => this.#peer.closeChannels(),
    });
    this.#deadline = setTimeout(() => parts.onGone('it does not connect'), CONNECT_MS);
  }

  /** Of the certificate that names its peer connection. */
  get fingerprint(): string {
    return this.#offer.transport.fingerprint;
  }

  get isConnected(): boolean {
    return this.#sender !== null;
  }

  get traffic(): Omit<Traffic, 'keyframes'> | null {
    return this.#sender?.traffic ?? null;
  }

  /** The answer; candidates come after it. @throws Error of the library */
  answer(): string {
    const { codec, video, audio, cname } = this.#parts.media;
    const media: AnsweredMedia = {
      ...{ codec, cname, videoSsrc: video.ssrc },
      audioSsrc: audio?.ssrc ?? null,
    };
    return writeClientAnswer(this.#offer, media, this.#peer.answer(this.#offer));
  }

  /** What a client trickles, as it wrote it. */
  addCandidate(line: string): void {
    this.#candidates += 1;
    if (this.#candidates > MOST_CANDIDATES) return;
    for (const candidate of readCandidate(line)) this.#peer.addCandidate(candidate);
  }

  /** A packet of the picture, none before a key frame; false when it did not go out. */
  picture(packet: Buffer): boolean {
    const sender = this.#sender;
    if (sender === null) return false;
    if (this.#awaitsKeyframe && !startsKeyframe(this.#parts.media.codec, packet)) return false;
    this.#awaitsKeyframe = false;
    return sender.picture(packet);
  }

  sound(packet: Buffer): void {
    this.#sender?.sound(packet);
  }

  observe(): PathObservation | null {
    return this.#sender?.observe() ?? null;
  }

  targetChanged(kbps: number): void {
    this.#targetKbps = kbps;
    this.#sender?.targetChanged(kbps);
  }

  /** Whether it may control. */
  admit(mayControl: boolean): void {
    this.#input.admit(mayControl);
  }

  /** Takes no more of its input. */
  mute(): void {
    this.#peer.closeChannels();
  }

  /** The gateway has lost it: it is gone unless it is heard itself. */
  doubt(): void {
    if (this.#sender === null) this.#parts.onGone('it left');
    this.#doubt ??= setTimeout(() => {
      this.#doubt = undefined;
      if ((this.#sender?.silentMs ?? Infinity) >= DOUBT_MS) this.#parts.onGone('it was lost');
    }, DOUBT_MS);
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#deadline);
    clearTimeout(this.#doubt);
    this.#sender?.close();
    this.#peer.close();
  }

  #connected(): void {
    clearTimeout(this.#deadline);
    const { media, onConnected, onKeyframeWish, onGone } = this.#parts;
    const { video, audio } = this.#offer;
    const mostMs = media.audio === null || audio === null ? 0 : MOST_WAIT_FOR_SOUND_MS;
    this.#sender = new Sender({
      peer: this.#peer,
      answer: {
        video: outgoing(video, mostMs),
        audio: audio === null ? null : outgoing({ ...audio, playoutDelayId: null }, 0),
      },
      ...{ video: media.video, audio: media.audio, cname: media.cname },
      targetKbps: this.#targetKbps,
      runningTimeNs: media.runningTimeNs,
      onKeyframeWish,
      onSilence: () => onGone('it is silent'),
    });
    onConnected();
  }
}

function outgoing(track: OfferedTrack, mostMs: number): Outgoing {
  const { payloadType, transportCcId, playoutDelayId } = track;
  const playoutDelay = playoutDelayId === null ? null : { id: playoutDelayId, mostMs };
  return { payloadType, transportCcId, playoutDelay };
}
