import nodeDataChannel, {
  type DataChannel,
  type PeerConnection,
  type Track,
} from 'node-datachannel';
import { CHANNEL_MESSAGE_BYTES, INPUT_CHANNELS } from '../../gateway/protocol/channel-terms.ts';
import type { IceServer } from '../media/plan.ts';
import { libraryServers } from '../publish/library-servers.ts';
import { transportOf, type PeerTransport } from '../publish/peer-transport.ts';
import { libraryOffer } from './client-answer.ts';
import type { ClientOffer } from './client-offer.ts';

/** Channels that have no place here, before somebody is taken for hostile. */
const MOST_STRANGERS = 8;

/** Made where no peer is in scope: the library keeps it for good. */
const ignore = (): void => undefined;

export type ChannelLabel = (typeof INPUT_CHANNELS)[number];

/** What a peer tells its owner. */
export interface ClientPeerOwner {
  onConnected(): void;
  /** Whatever arrives beside the channels. */
  onPacket(packet: Buffer): void;
  /** A candidate of this side, without `a=`. */
  onCandidate(candidate: string): void;
  /** Null: it is no text, or too large. */
  onMessage(label: ChannelLabel, text: string | null): void;
  /** Once. */
  onGone(why: string): void;
}

/**
 * ICE, DTLS, SRTP and SCTP of libdatachannel towards a client: one pipe for our own RTP and RTCP,
 * and the two channels that the client opens. Holds the library's objects, which end when collected.
 */
export class ClientPeer {
  readonly #owner: ClientPeerOwner;
  readonly #peer: PeerConnection;
  readonly #track: Track;
  readonly #channels = new Map<string, DataChannel>();
  readonly #strangers: DataChannel[] = [];
  #isConnected = false;
  #isClosed = false;
  #isGone = false;
  #mayOpenChannels = true;

  constructor(iceServers: readonly IceServer[], owner: ClientPeerOwner) {
    this.#owner = owner;
    nodeDataChannel.initLogger('Fatal', ignore);
    this.#peer = new nodeDataChannel.PeerConnection('client', {
      iceServers: libraryServers(iceServers),
      disableAutoNegotiation: true,
      // What is larger it cuts off there, unseen.
      maxMessageSize: CHANNEL_MESSAGE_BYTES + 1,
    });
    const media = new nodeDataChannel.Video('0', 'SendRecv');
    media.addVP8Codec(96);
    this.#track = this.#peer.addTrack(media);
    this.#track.onMessage((packet) => this.#guard(() => owner.onPacket(packet)));
    this.#track.onOpen(() => {
      this.#isConnected = true;
      this.#guard(() => owner.onConnected());
    });
    this.#track.onClosed(() => this.#end('it closed the connection'));
    this.#peer.onStateChange((state) => {
      if (['disconnected', 'failed', 'closed'].includes(state))
        this.#end(`the connection is ${state}`);
    });
    this.#peer.onLocalCandidate((candidate) =>
      this.#guard(() => owner.onCandidate(candidate.replace(/^a=/, ''))),
    );
    this.#peer.onDataChannel((channel) => this.#guard(() => this.#welcome(channel)));
  }

  /** Takes an offer; the lines of this side's transport. @throws Error of the library; close it then */
  answer({ transport, hasChannels, candidates }: ClientOffer): PeerTransport {
    this.#peer.setRemoteDescription(libraryOffer(transport, hasChannels), 'offer');
    this.#peer.setLocalDescription('answer');
    for (const candidate of candidates) this.addCandidate(candidate);
    // Those that were found by now are told like those that come.
    return { ...transportOf(this.#peer), candidates: [] };
  }

  /** One of `readCandidate`. */
  addCandidate(candidate: string): void {
    if (this.#isClosed) return;
    try {
      this.#peer.addRemoteCandidate(`a=${candidate}`, '0');
    } catch {
      // An address that it cannot use, or one too many: there are others.
    }
  }

  /** False when it was not sent. */
  send(packet: Buffer): boolean {
    if (!this.#isConnected || this.#isClosed) return false;
    try {
      return this.#track.sendMessageBinary(packet);
    } catch {
      // One packet's fault (SRTP refuses old ones) is none of the session.
      return false;
    }
  }

  /** Says something by a channel, if that is open. */
  say(label: ChannelLabel, text: string): void {
    const channel = this.#channels.get(label);
    try {
      if (channel?.isOpen() === true) channel.sendMessage(text);
    } catch {
      // It has just closed.
    }
  }

  /** Takes no more messages; what is sent goes on. */
  closeChannels(): void {
    this.#mayOpenChannels = false;
    for (const channel of this.#channels.values()) channel.close();
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const channel of [...this.#channels.values(), ...this.#strangers]) channel.close();
    this.#track.close();
    this.#peer.close();
  }

  #welcome(channel: DataChannel): void {
    const label = INPUT_CHANNELS.find((one) => one === channel.getLabel());
    // Unset, the library keeps a dangling entry in a static list.
    channel.onClosed(ignore);
    if (label === undefined || !this.#mayOpenChannels || this.#channels.has(label)) {
      this.#strangers.push(channel);
      channel.close();
      if (this.#strangers.length > MOST_STRANGERS) this.#end('it opens channels without end');
      return;
    }
    this.#channels.set(label, channel);
    channel.onMessage((message) =>
      this.#guard(() => {
        if (!this.#mayOpenChannels || this.#isClosed) return;
        const isFit =
          typeof message === 'string' && Buffer.byteLength(message) <= CHANNEL_MESSAGE_BYTES;
        this.#owner.onMessage(label, isFit ? message : null);
      }),
    );
  }

  /** An exception inside a callback of the library would end the process. */
  #guard(act: () => void): void {
    try {
      if (!this.#isClosed) act();
    } catch {
      this.#end('a fault here');
    }
  }

  #end(why: string): void {
    if (this.#isGone || this.#isClosed) return;
    this.#isGone = true;
    // Not within a callback of what is closed.
    setImmediate(() => this.#owner.onGone(why));
  }
}
