import { EventSource as NodeEventSource } from 'undici';
import type { BrowserPort } from '../../../web/core/browser-port.ts';
import { aNodePort } from '../node-port.ts';
import { ChaosPeer, type PeerMedia } from './chaos-peer.ts';

/** What the pages' clients need, in a process without a browser, with peers of `makeMedia`. */
export function chaosPort(
  makeMedia: () => PeerMedia,
  onPeer: (peer: ChaosPeer) => void,
): BrowserPort {
  return {
    ...aNodePort(),
    createPeerConnection: () => {
      const peer = new ChaosPeer(makeMedia());
      onPeer(peer);
      return peer as unknown as RTCPeerConnection;
    },
    openEventSource: (url) => new NodeEventSource(url) as unknown as EventSource,
  };
}
