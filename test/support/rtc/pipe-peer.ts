import { setTimeout as delay } from 'node:timers/promises';

import nodeDataChannel from 'node-datachannel';
import type { PeerConnection, Track } from 'node-datachannel';

/** What a peer's own offer says of ICE and DTLS. */
export interface PeerTransport {
  readonly ufrag: string;
  readonly pwd: string;
  readonly fingerprint: string;
  readonly candidates: readonly string[];
}

const first = (sdp: string, pattern: RegExp): string => pattern.exec(sdp)?.[1]?.trim() ?? '';

const answerFor = (answer: string): string => {
  const candidates = [...new Set(answer.match(/^a=candidate:.*udp.*typ host.*$/gim) ?? [])];
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    ...(/^a=ice-lite/m.test(answer) ? ['a=ice-lite'] : []),
    'a=group:BUNDLE 0',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:96 VP8/90000',
    `a=ice-ufrag:${first(answer, /^a=ice-ufrag:(.*)$/m)}`,
    `a=ice-pwd:${first(answer, /^a=ice-pwd:(.*)$/m)}`,
    `a=fingerprint:${first(answer, /^a=fingerprint:(.*)$/m)}`,
    `a=setup:${first(answer, /^a=setup:(.*)$/m)}`,
    ...candidates.map((line) => line.trim()),
    '',
  ].join('\r\n');
};

/**
 * A WebRTC client without media of its own: ICE, DTLS-SRTP and one track as a pipe for raw RTP
 * and RTCP. The offer that goes out is the owner's, this one only lends its transport lines.
 */
export class PipePeer {
  /** Settles when DTLS is up, or fails when it cannot come up. */
  readonly connected: Promise<void>;
  /** Settles when the transport is gone, whoever ended it. */
  readonly ended: Promise<void>;
  readonly #peer: PeerConnection;
  readonly #track: Track;
  #open = true;
  sentPackets = 0;

  constructor(onPacket: (packet: Buffer) => void) {
    nodeDataChannel.initLogger('Fatal', () => undefined);
    this.#peer = new nodeDataChannel.PeerConnection('test-peer', {
      iceServers: [],
      disableAutoNegotiation: true,
    });
    const media = new nodeDataChannel.Video('0', 'SendRecv');
    media.addVP8Codec(96);
    this.#track = this.#peer.addTrack(media);
    this.#track.onMessage(onPacket);
    const connected = Promise.withResolvers<undefined>();
    const ended = Promise.withResolvers<undefined>();
    this.connected = connected.promise;
    this.ended = ended.promise;
    this.connected.catch(() => undefined);
    this.#track.onOpen(() => connected.resolve(undefined));
    this.#track.onClosed(() => ended.resolve(undefined));
    this.#peer.onStateChange((state) => {
      if (!['disconnected', 'failed', 'closed'].includes(state)) return;
      connected.reject(new Error(`peer ${state} before it was connected`));
      ended.resolve(undefined);
    });
  }

  /** ICE and DTLS lines for the offer, host candidates included; `ice` in place of its own words. */
  async start(ice?: { readonly ufrag: string; readonly pwd: string }): Promise<PeerTransport> {
    const init = ice === undefined ? {} : { iceUfrag: ice.ufrag, icePwd: ice.pwd };
    this.#peer.setLocalDescription('offer', init);
    while (this.#peer.gatheringState() !== 'complete') await delay(1);
    const sdp = this.#peer.localDescription()?.sdp ?? '';
    return {
      ufrag: first(sdp, /^a=ice-ufrag:(.*)$/m),
      pwd: first(sdp, /^a=ice-pwd:(.*)$/m),
      fingerprint: first(sdp, /^a=fingerprint:(.*)$/m),
      candidates: (sdp.match(/^a=candidate:.*$/gm) ?? []).map((line) => line.trim()),
    };
  }

  accept(answer: string): void {
    this.#peer.setRemoteDescription(answerFor(answer), 'answer');
  }

  send(packet: Buffer): boolean {
    if (!this.#open) return false;
    try {
      this.sentPackets += 1;
      return this.#track.sendMessageBinary(packet);
    } catch {
      return false;
    }
  }

  /** Goes without a word: libdatachannel as a client sends nothing, so to the server it vanishes. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#track.close();
    this.#peer.close();
  }
}

/**
 * Opens a peer through `exchange` (offer in, answer out) and waits until it is connected. Tries
 * twice: as the offering side libdatachannel can lose a race between DTLS and the answer's
 * fingerprint (its pull request 1612).
 */
export const connectPeer = async <
  Peer extends {
    offer(): Promise<string>;
    accept(answer: string): void;
    readonly connected: Promise<void>;
    close(): void;
  },
>(
  create: () => Peer,
  exchange: (offer: string) => Promise<string>,
  attempts = 2,
): Promise<Peer> => {
  const peer = create();
  try {
    peer.accept(await exchange(await peer.offer()));
    await peer.connected;
    return peer;
  } catch (error) {
    peer.close();
    const raced = error instanceof Error && error.message.includes('before it was connected');
    if (!raced || attempts <= 1) throw error;
    return connectPeer(create, exchange, attempts - 1);
  }
};
