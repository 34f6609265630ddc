import nodeDataChannel, { type PeerConnection, type Track } from 'node-datachannel';
import { candidateLines } from '../../native/candidates.ts';
import { guard, type Log } from '../../native/guard.ts';
import type { LocalTransport } from '../../native/local-transport.ts';
import type { RemoteTransport } from './messages.ts';

const GATHERING_MS = 3_000;

/** What a leg tells its relay; every call is already guarded. */
export interface LegOwner {
  onPacket(packet: Buffer): void;
  onConnected(): void;
  /** Once, whoever ended it. */
  onEnd(why: string): void;
}

/**
 * ICE and DTLS-SRTP with one node: raw RTP and RTCP both ways. Offers, so that it is a client like any
 * other; it has a port of its own, since a node takes a second client at the same one for the first.
 */
export class LegPeer {
  readonly #peer: PeerConnection;
  readonly #track: Track;
  readonly #owner: LegOwner;
  #isConnected = false;
  #isOpen = true;

  constructor(owner: LegOwner, log: Log) {
    this.#owner = owner;
    this.#peer = new nodeDataChannel.PeerConnection('relay', {
      iceServers: [],
      disableAutoNegotiation: true,
    });
    const media = new nodeDataChannel.Video('0', 'SendRecv');
    media.addVP8Codec(96);
    this.#track = this.#peer.addTrack(media);
    this.#track.onMessage(guard(log, 'packet', (packet: Buffer) => owner.onPacket(packet)));
    this.#track.onOpen(
      guard(log, 'track open', () => {
        this.#isConnected = true;
        owner.onConnected();
      }),
    );
    // Unset, the library keeps a dangling entry in a static list.
    this.#track.onClosed(guard(log, 'track closed', () => this.#end('closed by the node')));
    this.#peer.onStateChange(
      guard(log, 'peer state', (state: string) => {
        if (['disconnected', 'failed', 'closed'].includes(state)) this.#end(`connection ${state}`);
      }),
    );
  }

  /** The transport of the offer. @throws Error when the library has none in time */
  async gather(): Promise<LocalTransport> {
    this.#peer.setLocalDescription('offer');
    const deadline = performance.now() + GATHERING_MS;
    while (this.#peer.gatheringState() !== 'complete') {
      if (performance.now() > deadline) throw new Error('ICE gathering does not end');
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const sdp = this.#peer.localDescription()?.sdp ?? '';
    const first = (pattern: RegExp): string => pattern.exec(sdp)?.[1]?.trim() ?? '';
    return {
      ufrag: first(/^a=ice-ufrag:(.*)$/m),
      pwd: first(/^a=ice-pwd:(.*)$/m),
      fingerprint: first(/^a=fingerprint:(.*)$/m),
    };
  }

  /** Goes to the node. @throws Error when the library does not take its values */
  connect(remote: RemoteTransport): void {
    this.#peer.setRemoteDescription(libraryAnswer(remote), 'answer');
  }

  /** False when it was not sent. The library copies the packet. */
  send(packet: Buffer): boolean {
    if (!this.#isConnected || !this.#isOpen) return false;
    try {
      return this.#track.sendMessageBinary(packet);
    } catch {
      // One packet's fault (SRTP refuses old ones) is none of the leg.
      return false;
    }
  }

  /** Idempotent; the owner is not told. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#track.close();
    this.#peer.close();
  }

  #end(why: string): void {
    if (!this.#isOpen) return;
    this.close();
    this.#owner.onEnd(why);
  }
}

/** The one pipe's m-line, whatever was really answered. */
const libraryAnswer = (remote: RemoteTransport): string =>
  [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    ...(remote.iceLite ? ['a=ice-lite'] : []),
    'a=group:BUNDLE 0',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:96 VP8/90000',
    `a=ice-ufrag:${remote.ufrag}`,
    `a=ice-pwd:${remote.pwd}`,
    `a=fingerprint:${remote.fingerprint}`,
    `a=setup:${remote.setup}`,
    ...candidateLines(remote.candidates.map(({ ip, port }) => ({ address: ip, port }))),
    '',
  ].join('\r\n');
