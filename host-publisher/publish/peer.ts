import nodeDataChannel, { type PeerConnection, type Track } from 'node-datachannel';
import { HostError } from '../host-error.ts';
import type { IceServer } from '../media/plan.ts';
import type { Answer } from './answer.ts';
import { libraryServers } from './library-servers.ts';
import { transportOf, type PeerTransport } from './peer-transport.ts';

/** Servers that do not answer must not hold up the offer. */
const GATHERING_MS = 3_000;
/** Shorter than silence counts for the end of a connection. */
const CONNECT_MS = 8_000;

/** Made where no peer is in scope: the library keeps it for good. */
const ignore = (): void => undefined;

/**
 * ICE, DTLS and SRTP of libdatachannel as a pipe for our own RTP and RTCP: one track carries
 * everything, and only its transport is in the offer that goes out.
 */
export class Peer {
  readonly #peer: PeerConnection;
  readonly #track: Track;
  readonly #connected = Promise.withResolvers<undefined>();
  readonly #gone = Promise.withResolvers<string>();
  #open = false;

  constructor(iceServers: readonly IceServer[], onPacket: (packet: Buffer) => void) {
    nodeDataChannel.initLogger('Fatal', ignore);
    this.#peer = new nodeDataChannel.PeerConnection('host', {
      iceServers: libraryServers(iceServers),
      disableAutoNegotiation: true,
    });
    const media = new nodeDataChannel.Video('0', 'SendRecv');
    media.addVP8Codec(96);
    this.#track = this.#peer.addTrack(media);
    this.#track.onMessage(onPacket);
    this.#track.onOpen(() => {
      this.#open = true;
      this.#connected.resolve(undefined);
    });
    this.#track.onClosed(() => this.#end('the server closed the connection'));
    this.#peer.onStateChange((state) => {
      if (['disconnected', 'failed', 'closed'].includes(state))
        this.#end(`the connection is ${state}`);
    });
    this.#connected.promise.catch(() => undefined);
  }

  /** Resolves with the cause when the transport is gone, whoever ended it. */
  get gone(): Promise<string> {
    return this.#gone.promise;
  }

  /** The lines of the transport, with the candidates found within a few seconds. */
  async gather(): Promise<PeerTransport> {
    const done = Promise.withResolvers<undefined>();
    this.#peer.onGatheringStateChange((state) => {
      if (state === 'complete') done.resolve(undefined);
    });
    this.#peer.setLocalDescription('offer');
    const timer = setTimeout(() => done.resolve(undefined), GATHERING_MS);
    if (this.#peer.gatheringState() !== 'complete') await done.promise;
    clearTimeout(timer);
    return transportOf(this.#peer);
  }

  /** Takes the answer and resolves when packets can be sent. */
  async connect(answer: Answer): Promise<void> {
    this.#peer.setRemoteDescription(toLibraryAnswer(answer), 'answer');
    const timer = setTimeout(
      () =>
        this.#connected.reject(
          new HostError('gateway', 'The media server cannot be reached by UDP.'),
        ),
      CONNECT_MS,
    );
    await this.#connected.promise.finally(() => clearTimeout(timer));
  }

  /** False when it was not sent. */
  send(packet: Buffer): boolean {
    if (!this.#open) return false;
    try {
      return this.#track.sendMessageBinary(packet);
    } catch {
      // One packet's fault (SRTP refuses old ones) is none of the session.
      return false;
    }
  }

  close(): void {
    this.#end('closed');
    this.#track.close();
    this.#peer.close();
  }

  #end(why: string): void {
    this.#open = false;
    this.#connected.reject(new HostError('gateway', `No media connection: ${why}.`));
    this.#gone.resolve(why);
  }
}

/** The one pipe's m-line, whatever was really answered. */
function toLibraryAnswer(answer: Answer): string {
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    ...(answer.iceLite ? ['a=ice-lite'] : []),
    'a=group:BUNDLE 0',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:96 VP8/90000',
    `a=ice-ufrag:${answer.ufrag}`,
    `a=ice-pwd:${answer.pwd}`,
    `a=fingerprint:${answer.fingerprint}`,
    `a=setup:${answer.setup}`,
    ...answer.candidates,
    '',
  ].join('\r\n');
}
