import nodeDataChannel from 'node-datachannel';
import type { DataChannel, PeerConnection, Track } from 'node-datachannel';
import { startsKeyframe } from '../../../srs/embedded/rtc/rtp/keyframe.ts';
import { isRtcp, parseRtp } from '../../../srs/embedded/rtc/rtp/header.ts';
import { writePli, writeReceiverReport } from '../../../srs/embedded/rtc/rtp/rtcp-write.ts';
import { SequenceUnwrapper } from '../../../srs/embedded/rtc/rtp/sequence-unwrapper.ts';

const REPORT_MS = 500;
const SENDER = 1;

/** Share of packets lost, of 256, as a receiver reports it. */
export interface ReportedPath {
  fractionLost: number;
}

/** A client of a host on libdatachannel: picture, sound and the two channels, by the library's own SDP. */
export class DirectPeer {
  readonly received = { packets: 0, pictures: 0, keyframes: 0, sounds: 0 };
  /** What came first was a key frame's beginning. */
  beganWithKeyframe: boolean | null = null;
  /** What it tells of its path. */
  readonly path: ReportedPath = { fractionLost: 0 };
  readonly messages: string[] = [];
  offered = '';
  readonly connected: Promise<void>;
  readonly ended: Promise<void>;
  readonly keys: DataChannel;
  readonly motion: DataChannel;
  readonly #peer: PeerConnection;
  readonly #video: Track;
  readonly #audio: Track;
  readonly #open = Promise.withResolvers<undefined>();
  readonly #unwrapper = new SequenceUnwrapper();
  #ssrc = 0;
  #timestamp = -1;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    nodeDataChannel.initLogger('Fatal', () => undefined);
    this.#peer = new nodeDataChannel.PeerConnection('client', {
      iceServers: [],
      disableAutoNegotiation: true,
    });
    const video = new nodeDataChannel.Video('video', 'SendRecv');
    video.addH264Codec(102);
    const audio = new nodeDataChannel.Audio('audio', 'SendRecv');
    audio.addOpusCodec(111);
    this.#video = this.#peer.addTrack(video);
    this.#audio = this.#peer.addTrack(audio);
    this.#audio.onClosed(() => undefined);
    this.keys = this.#peer.createDataChannel('keys');
    this.motion = this.#peer.createDataChannel('motion', { unordered: true, maxRetransmits: 0 });
    const connected = Promise.withResolvers<undefined>();
    const ended = Promise.withResolvers<undefined>();
    this.connected = connected.promise;
    this.ended = ended.promise;
    this.connected.catch(() => undefined);
    this.#video.onOpen(() => connected.resolve(undefined));
    this.#video.onClosed(() => ended.resolve(undefined));
    this.#video.onMessage((packet) => this.#receive(packet));
    this.#audio.onMessage((packet) => {
      if (!isRtcp(packet)) this.received.sounds += 1;
    });
    for (const channel of [this.keys, this.motion]) {
      channel.onClosed(() => undefined);
      channel.onMessage((message) => {
        if (typeof message === 'string') this.messages.push(message);
      });
      channel.onOpen(() => {
        if (this.keys.isOpen() && this.motion.isOpen()) this.#open.resolve(undefined);
      });
    }
    this.#peer.onStateChange((state) => {
      if (!['disconnected', 'failed', 'closed'].includes(state)) return;
      connected.reject(new Error(`peer ${state} before it was connected`));
      ended.resolve(undefined);
    });
  }

  /** Both channels are open. */
  get opened(): Promise<void> {
    return this.#open.promise;
  }

  /** Its candidates are left out: the host learns where it is from its checks (libdatachannel 1612). */
  offer(): string {
    this.#peer.setLocalDescription('offer');
    const sdp = this.#peer.localDescription()?.sdp ?? '';
    this.offered = sdp.replaceAll(/^a=(candidate|end-of-candidates).*\r?\n/gm, '');
    return this.offered;
  }

  accept(answer: string): void {
    // A client that means harm heeds no limit.
    const limitless = answer.replaceAll(/max-message-size:\d+/g, 'max-message-size:262144');
    this.#peer.setRemoteDescription(limitless, 'answer');
    this.#timer = setInterval(() => this.#report(), REPORT_MS);
  }

  addCandidate(candidate: string, mid: string): void {
    try {
      this.#peer.addRemoteCandidate(candidate, mid);
    } catch {
      // Its connection has just failed.
    }
  }

  /** Asks for a key frame. */
  sendPli(): void {
    this.#send(writePli(SENDER, this.#ssrc));
  }

  /** Falls silent, as one whose machine is gone: no RTCP any more. */
  mute(): void {
    clearInterval(this.#timer);
  }

  close(): void {
    this.mute();
    for (const channel of [this.keys, this.motion]) channel.close();
    for (const track of [this.#video, this.#audio]) track.close();
    this.#peer.close();
  }

  #receive(packet: Buffer): void {
    const header = isRtcp(packet) ? null : parseRtp(packet);
    if (header === null) return;
    const isStart = startsKeyframe('H264', packet, header.payloadStart, header.payloadEnd);
    this.beganWithKeyframe ??= isStart;
    this.#ssrc = header.ssrc;
    this.#unwrapper.unwrap(header.sequence);
    this.received.packets += 1;
    if (header.timestamp === this.#timestamp) return;
    this.#timestamp = header.timestamp;
    this.received.pictures += 1;
    if (isStart) this.received.keyframes += 1;
  }

  #report(): void {
    if (this.#ssrc === 0) return;
    const block = {
      ssrc: this.#ssrc,
      fractionLost: this.path.fractionLost,
      lost: 0,
      highestSequence: this.#unwrapper.newest ?? 0,
      jitter: 0,
      lastReport: 0,
      sinceLastReport: 0,
    };
    this.#send(writeReceiverReport(SENDER, [block]));
  }

  #send(packet: Buffer): void {
    try {
      this.#video.sendMessageBinary(packet);
    } catch {
      // It is not open, or not any more.
    }
  }
}
