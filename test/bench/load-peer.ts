import { randomBytes, randomInt } from 'node:crypto';
import nodeDataChannel from 'node-datachannel';
import type { PeerConnection, Track } from 'node-datachannel';
import type { SignallingClient } from './signalling-client.ts';

/** Payload types that load peers offer. */
export const VIDEO_PAYLOAD_TYPE = 102;
export const AUDIO_PAYLOAD_TYPE = 111;

const H264_PROFILE =
  'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f;packetization-mode=1';
const CONNECT_MS = 20_000;

export interface LoadPeerOptions {
  readonly kind: 'publish' | 'watch';
  /** WHIP or WHEP endpoint with its query. */
  readonly url: string;
  /** Every RTP and RTCP packet of the video m-line; a peer without it is cheap. */
  readonly onVideo?: (packet: Buffer) => void;
}

let started = false;

/** A publisher or viewer without codecs: real ICE, DTLS and SRTP, and raw RTP. */
export class LoadPeer {
  readonly videoSsrc: number;
  readonly audioSsrc: number;
  readonly location: string;
  // Garbage collection closes what nobody holds.
  readonly #peer: PeerConnection;
  readonly #audio: Track;
  readonly #video: Track;

  private constructor({ made, location }: Connected) {
    this.#peer = made.peer;
    this.#audio = made.audio;
    this.#video = made.video;
    this.videoSsrc = made.videoSsrc;
    this.audioSsrc = made.audioSsrc;
    this.location = location;
  }

  /** Resolves when connected. Tries twice: an offerer of this library may lose the DTLS race. */
  static async open(signalling: SignallingClient, options: LoadPeerOptions): Promise<LoadPeer> {
    try {
      return new LoadPeer(await connect(signalling, options));
    } catch (error) {
      if (String(error).includes('POST')) throw error;
      return new LoadPeer(await connect(signalling, options));
    }
  }

  /** False when it could not be sent. */
  sendVideo(packet: Buffer): boolean {
    return send(this.#video, packet);
  }

  sendAudio(packet: Buffer): boolean {
    return send(this.#audio, packet);
  }

  get connected(): boolean {
    return this.#peer.state() === 'connected';
  }

  /** Leaves with a DTLS close and without a DELETE. */
  close(): void {
    closeAll({ peer: this.#peer, audio: this.#audio, video: this.#video });
  }
}

interface Made {
  readonly peer: PeerConnection;
  readonly audio: Track;
  readonly video: Track;
  readonly videoSsrc: number;
  readonly audioSsrc: number;
}

interface Connected {
  readonly made: Made;
  readonly location: string;
}

async function connect(
  signalling: SignallingClient,
  { kind, url, onVideo }: LoadPeerOptions,
): Promise<Connected> {
  const made = make(kind, onVideo);
  let location = '';
  try {
    made.peer.setLocalDescription('offer');
    const offer = made.peer.localDescription()?.sdp ?? '';
    // Candidates stay here: only this side starts checks, so the DTLS race cannot happen.
    const posted = await signalling.post(url, offer.replace(/^a=(candidate|end-of).*\r\n/gm, ''));
    if (posted.status !== 201) throw new Error(`POST: ${posted.status} ${posted.text}`);
    location = posted.location;
    made.peer.setRemoteDescription(posted.text, 'answer');
    await stateOf(made.peer, 'connected');
    return { made, location };
  } catch (error) {
    closeAll(made);
    if (location !== '') await signalling.delete(location).catch(() => undefined);
    throw error;
  }
}

function make(kind: 'publish' | 'watch', onVideo?: (packet: Buffer) => void): Made {
  // Without a callback the addon throws, without a logger libjuice prints.
  if (!started) nodeDataChannel.initLogger('Fatal', () => undefined);
  started = true;
  const peer = new nodeDataChannel.PeerConnection('load', {
    iceServers: [],
    disableAutoNegotiation: true,
    bindAddress: '127.0.0.1',
  });
  const direction = kind === 'publish' ? 'SendOnly' : 'RecvOnly';
  const [audioSsrc, videoSsrc] = [randomInt(1, 2 ** 31), randomInt(1, 2 ** 31)];
  const audioLine = new nodeDataChannel.Audio('0', direction);
  audioLine.addOpusCodec(AUDIO_PAYLOAD_TYPE);
  const videoLine = new nodeDataChannel.Video('1', direction);
  videoLine.addH264Codec(VIDEO_PAYLOAD_TYPE, H264_PROFILE);
  if (kind === 'publish') {
    const name = randomBytes(6).toString('hex');
    audioLine.addSSRC(audioSsrc, name, name, 'audio');
    videoLine.addSSRC(videoSsrc, name, name, 'video');
  }
  const audio = peer.addTrack(audioLine);
  const video = peer.addTrack(videoLine);
  for (const track of [audio, video]) track.onClosed(() => undefined);
  if (onVideo !== undefined) video.onMessage(onVideo);
  return { peer, audio, video, audioSsrc, videoSsrc };
}

function stateOf(peer: PeerConnection, wanted: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${peer.state()} and not ${wanted} after ${CONNECT_MS} ms`)),
      CONNECT_MS,
    );
    const look = (): void => {
      const state = peer.state();
      if (state === wanted) resolve();
      else if (state === 'failed' || state === 'closed') reject(new Error(`connection ${state}`));
      else return;
      clearTimeout(timer);
    };
    peer.onStateChange(look);
    look();
  });
}

function send(track: Track, packet: Buffer): boolean {
  try {
    return track.isOpen() && track.sendMessageBinary(packet);
  } catch {
    return false;
  }
}

function closeAll({ peer, audio, video }: Pick<Made, 'peer' | 'audio' | 'video'>): void {
  audio.close();
  video.close();
  peer.close();
}
