import type { RtpPublisher } from '../../support/rtc/rtp-publisher.ts';
import { RtpViewer } from '../../support/rtc/rtp-viewer.ts';

/** What a peer of this process sends or receives. */
export type PeerMedia = RtpViewer | RtpPublisher;

/** As a stats report of browsers has it. */
type Entry = Readonly<Record<string, unknown>>;

/**
 * As much of `RTCPeerConnection` as the pages' clients use, over a real ICE and DTLS-SRTP peer of
 * node-datachannel, so that what reconnects here is the pages' own code.
 */
export class ChaosPeer {
  connectionState: RTCPeerConnectionState = 'new';
  iceConnectionState: RTCIceConnectionState = 'new';
  localDescription: { readonly sdp: string } | null = null;
  onconnectionstatechange: (() => void) | null = null;
  oniceconnectionstatechange: (() => void) | null = null;
  ontrack: (() => void) | null = null;
  /** The media port of the node that answered; null before the answer. */
  nodePort: number | null = null;
  readonly media: PeerMedia;
  readonly #transceivers: unknown[] = [];

  constructor(media: PeerMedia) {
    this.media = media;
  }

  addTransceiver(kind: string): unknown {
    const transceiver = { currentDirection: 'recvonly', receiver: { track: { kind } } };
    this.#transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers(): readonly unknown[] {
    return this.#transceivers;
  }

  setConfiguration(): void {
    // Loopback needs no ICE server.
  }

  async setLocalDescription(): Promise<void> {
    const offer = await this.media.offer();
    // As pages do; and this side alone starts checks, so its DTLS loses no race.
    this.localDescription = { sdp: offer.replace(/^a=(candidate|end-of).*\r\n/gm, '') };
  }

  setRemoteDescription({ sdp }: { readonly sdp: string }): Promise<void> {
    if (this.connectionState === 'closed') return Promise.resolve();
    const port = /^a=candidate:\S+ 1 udp \d+ \S+ (\d+) typ host/im.exec(sdp)?.[1];
    this.nodePort = port === undefined ? null : Number(port);
    this.#become('connecting');
    this.media.accept(sdp);
    void this.media.connected.then(
      () => this.#become('connected'),
      () => this.#become('failed'),
    );
    void this.media.ended.then(() => this.#become('failed'));
    return Promise.resolve();
  }

  getStats(): Promise<Map<string, Entry>> {
    return Promise.resolve(new Map(this.#entries().map((entry) => [String(entry['id']), entry])));
  }

  close(): void {
    this.connectionState = 'closed';
    this.media.close();
  }

  #entries(): Entry[] {
    if (!(this.media instanceof RtpViewer)) return [];
    const { frames, keyframes, packets, bytes } = this.media.video;
    const video = {
      ...{ id: 'video', type: 'inbound-rtp', kind: 'video' },
      // Nothing can be decoded before a key frame.
      framesDecoded: keyframes > 0 ? frames : 0,
      packetsReceived: packets,
      bytesReceived: bytes,
    };
    const pair = { id: 'pair', type: 'candidate-pair', state: 'succeeded', bytesReceived: bytes };
    return [video, pair];
  }

  #become(state: RTCPeerConnectionState): void {
    if (this.connectionState === 'closed' || this.connectionState === state) return;
    if (state === 'failed' && this.connectionState === 'new') return;
    this.connectionState = state;
    this.iceConnectionState = state === 'connected' ? 'connected' : 'checking';
    this.oniceconnectionstatechange?.();
    this.onconnectionstatechange?.();
  }
}
