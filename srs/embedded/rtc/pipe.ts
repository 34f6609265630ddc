import nodeDataChannel from 'node-datachannel';
import type { PeerConnection, Track } from 'node-datachannel';

import { guard } from '../../../native/guard.ts';
import type { Native } from '../../../native/library.ts';
import type { LocalTransport } from '../../../native/local-transport.ts';
import { answerOf } from '../../../native/negotiation.ts';
import { libraryOffer } from './sdp/library-offer.ts';
import type { RemoteTransport } from './sdp/offer.ts';

/** `peer`: DTLS was closed by the other side. `lost`: ICE has no way to it any more. */
export type PipeEnd = 'peer' | 'lost';

/** What a pipe tells its session; every call is already guarded. */
export interface PipeOwner {
  onPacket(packet: Buffer): void;
  onConnected(): void;
  onEnded(end: PipeEnd): void;
}

/**
 * ICE and DTLS-SRTP with one client, and nothing else: raw RTP and RTCP in and out, over one
 * track for all kinds. Holds the library's objects, which stop working when collected.
 */
export class Pipe {
  readonly transport: LocalTransport;
  readonly #peer: PeerConnection;
  readonly #track: Track;
  #open = true;
  /** RTP and RTCP bytes before SRTP, as sent. */
  sentBytes = 0;

  private constructor(peer: PeerConnection, track: Track, transport: LocalTransport) {
    this.#peer = peer;
    this.#track = track;
    this.transport = transport;
  }

  /** Opens a pipe towards a client whose values have been checked. */
  static async open(native: Native, remote: RemoteTransport, owner: PipeOwner): Promise<Pipe> {
    const { port, bindAddress } = native;
    const peer = new nodeDataChannel.PeerConnection('pipe', {
      iceServers: [],
      disableAutoNegotiation: true,
      enableIceUdpMux: true,
      portRangeBegin: port,
      portRangeEnd: port,
      ...(bindAddress === undefined ? {} : { bindAddress }),
    });
    const media = new nodeDataChannel.Video('0', 'SendRecv');
    media.addVP8Codec(96);
    const track = peer.addTrack(media);
    try {
      listen(native, { peer, track }, owner);
      return new Pipe(peer, track, await answerOf(peer, libraryOffer(remote)));
    } catch (error) {
      track.close();
      peer.close();
      throw error;
    }
  }

  /** Sends one packet; the library copies it before it returns. False when it was not sent. */
  send(packet: Buffer): boolean {
    if (!this.#open) return false;
    try {
      if (!this.#track.sendMessageBinary(packet)) return false;
    } catch {
      // "SRTP protect error" and the like concern this packet, never the session.
      return false;
    }
    this.sentBytes += packet.length;
    return true;
  }

  /** Ends it at once and silently; the client gets a DTLS close. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#track.close();
    this.#peer.close();
  }
}

const listen = (
  { log }: Native,
  { peer, track }: { readonly peer: PeerConnection; readonly track: Track },
  owner: PipeOwner,
): void => {
  let ended = false;
  const end = (reason: PipeEnd): void => {
    if (ended) return;
    ended = true;
    owner.onEnded(reason);
  };
  // At a DTLS close the library closes ICE as well: only these two mean that the way is lost.
  const reason = (): PipeEnd =>
    ['disconnected', 'failed'].includes(peer.iceState()) ? 'lost' : 'peer';
  track.onMessage(guard(log, 'packet', (packet: Buffer) => owner.onPacket(packet)));
  track.onOpen(guard(log, 'track open', () => owner.onConnected()));
  // Unset, the library keeps a dangling entry in a static list.
  track.onClosed(guard(log, 'track closed', () => end(reason())));
  peer.onStateChange(
    guard(log, 'peer state', (state: string) => {
      if (state === 'failed' || state === 'disconnected' || state === 'closed') {
        end(state === 'failed' ? 'lost' : reason());
      }
    }),
  );
};
