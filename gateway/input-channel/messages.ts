import type { KeeperMessage, KeptMessage } from '../../native/child-keeper.ts';
import type { LocalTransport } from '../../native/local-transport.ts';

/** Who a viewer is to ICE and DTLS; checked. */
export interface RemoteTransport {
  readonly ufrag: string;
  readonly pwd: string;
  /** `algorithm value`, as in the SDP. */
  readonly fingerprint: string;
}

/** Gateway to the process of the data channels. `start` comes first and once. */
export type ToChild =
  | KeeperMessage
  | { readonly type: 'start'; readonly port: number }
  | { readonly type: 'open'; readonly id: number; readonly remote: RemoteTransport }
  | { readonly type: 'close'; readonly id: number };

/** Why a viewer's channels are over: its doing, or not. */
export type PeerEnd = 'malformed' | 'lost';

/** The process of the data channels to the gateway. */
export type FromChild =
  | Exclude<KeptMessage, { type: 'ready' }>
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'opened'; readonly id: number; readonly local: LocalTransport }
  | { readonly type: 'message'; readonly id: number; readonly text: string }
  | { readonly type: 'closed'; readonly id: number; readonly why: PeerEnd };
