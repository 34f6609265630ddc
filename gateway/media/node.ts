import type { SessionKind } from '../protocol/api.ts';
import type { RoomId, SourceId } from '../protocol/ids.ts';
import type { NodeCodecs, VideoCodec } from '../sdp/upstream-offer.ts';

/** One offer as it goes to a node: rebuilt by the firewall, with a one-time ticket for the hook. */
export interface NodeOffer {
  readonly kind: SessionKind;
  readonly room: RoomId;
  readonly source: SourceId;
  readonly ticket: string;
  readonly sdp: string;
  readonly codec: VideoCodec | null;
  /** The one client address that the node may see. */
  readonly address: string;
}

/** What a node made of an offer. */
export interface NodeAnswer {
  readonly sdp: string;
  /** Ends the session at the node; idempotent, never rejects. */
  release(): Promise<void>;
}

/** One session as the node lists it. */
export interface NodeClient {
  readonly clientId: string;
  readonly kind: SessionKind;
  /** `room/source`, as the node spells it. */
  readonly path: string;
  /** Publisher: DTLS is up. Viewer: media was sent to it. */
  readonly active: boolean;
  /** A publisher's simulcast layers, lowest first; empty when it sends one encoding. */
  readonly layers: readonly NodeLayer[];
}

/** One simulcast layer; sizes are 0 until they are known. */
export interface NodeLayer {
  readonly rid: string;
  readonly width: number;
  readonly height: number;
  /** Bits per second. */
  readonly bitrate: number;
  /** False for one that the publisher has stopped. */
  readonly active: boolean;
}

/** What a viewer is to get: a layer by name, or the best that its path bears within a size. */
export interface LayerChoice {
  readonly rid: string | null;
  readonly maxWidth: number | null;
  readonly maxHeight: number | null;
}

/** Identity of a node's run: a new `service` means that every session of the old one is gone. */
export interface NodeIdentity {
  readonly server: string;
  readonly service: string;
  readonly version: string;
}

/** What rooms ask of one media server. All errors are GatewayErrors. */
export interface MediaNode {
  readonly name: string;
  /** What it can carry; known after the first successful `identify()`. */
  readonly codecs: NodeCodecs;
  identify(): Promise<NodeIdentity>;
  open(offer: NodeOffer): Promise<NodeAnswer>;
  /** Every WebRTC session at the node, ours or not. */
  clients(): Promise<readonly NodeClient[]>;
  /** Removes a session by the id that hooks and lists give; false when the node has none. */
  remove(clientId: string): Promise<boolean>;
  /** Gives a viewer another layer; only where `codecs.layered` names some. */
  chooseLayer(clientId: string, choice: LayerChoice): Promise<'chosen' | 'no-layer' | 'gone'>;
  close(): Promise<void>;
}

/** A hook in our words; `ticket` is null when the caller brought none. */
export interface NodeHook {
  readonly event: 'publish' | 'unpublish' | 'play' | 'stop' | 'connect' | 'close';
  readonly service: string;
  readonly clientId: string;
  readonly room: string;
  readonly source: string;
  readonly ticket: string | null;
}
