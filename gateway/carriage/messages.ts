import type { KeeperMessage, KeptMessage } from '../../native/child-keeper.ts';
import type { LocalTransport } from '../../native/local-transport.ts';

/** `pull`: from the node that has the source. `push`: to the node that is to have it too. */
export type Leg = 'pull' | 'push';

/** A node's end of a leg, as its answer said; checked. */
export interface RemoteTransport {
  readonly ufrag: string;
  readonly pwd: string;
  /** `algorithm value`, as in the SDP. */
  readonly fingerprint: string;
  readonly setup: 'active' | 'passive';
  readonly iceLite: boolean;
  readonly candidates: readonly { readonly ip: string; readonly port: number }[];
}

/** What a relay passed on, in all. */
export interface RelayCounts {
  readonly packets: number;
  readonly bytes: number;
  /** Packets sent once more, out of the relay's own memory. */
  readonly resent: number;
  /** Key frames asked for. */
  readonly keyframes: number;
}

/** Gateway to the process of the relays. `start` comes first and once. */
export type ToChild =
  | KeeperMessage
  | { readonly type: 'start' }
  | { readonly type: 'open'; readonly id: number }
  | {
      readonly type: 'connect';
      readonly id: number;
      readonly leg: Leg;
      readonly remote: RemoteTransport;
    }
  | { readonly type: 'close'; readonly id: number };

/** The process of the relays to the gateway. */
export type FromChild =
  | KeptMessage
  | {
      readonly type: 'opened';
      readonly id: number;
      readonly legs: Readonly<Record<Leg, LocalTransport>>;
    }
  | { readonly type: 'connected'; readonly id: number; readonly leg: Leg }
  | { readonly type: 'closed'; readonly id: number; readonly why: string }
  | { readonly type: 'counts'; readonly id: number; readonly counts: RelayCounts };
