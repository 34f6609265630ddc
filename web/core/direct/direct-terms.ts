import type { BrowserPort } from '../browser-port.ts';
import type { SignalPort } from '../signal/signal-client.ts';
import type { TokenSource } from '../token-source.ts';

/** Where a direct session is, and with which right. */
export interface DirectPlace {
  /** Absolute `ws:` or `wss:` URL of `/ws/signal`. */
  readonly url: string;
  readonly token: TokenSource;
  readonly room: string;
  readonly source: string;
  /** `relay`: by TURN alone, to see whether it works. */
  readonly iceTransportPolicy?: RTCIceTransportPolicy | undefined;
}

/** What direct sessions need of a browser. */
export type DirectPort = SignalPort & Pick<BrowserPort, 'createPeerConnection' | 'videoCodecs'>;

/** What a peer connection of a direct session is made with. */
export function configurationOf(
  { iceTransportPolicy }: DirectPlace,
  iceServers: readonly RTCIceServer[],
): RTCConfiguration {
  return {
    iceServers: [...iceServers],
    ...(iceTransportPolicy === undefined ? {} : { iceTransportPolicy }),
  };
}
