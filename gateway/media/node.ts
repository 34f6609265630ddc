import type {
  NodeClientView,
  NodeStream,
  NodeSummary,
  NodeVhost,
} from '../protocol/api/node-inspection.ts';
import type { SessionKind } from '../protocol/session-kind.ts';
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
  /** Header fields of its trace. */
  readonly headers?: Readonly<Record<string, string>>;
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

/** What a node tells of itself; counters are since its start. Null: this one does not tell. */
export interface NodeFigures {
  /** Of one core. */
  readonly cpuShare: number;
  readonly memoryBytes: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Connections and sessions of everybody, ours or not. */
  readonly clients: number;
  readonly uptimeSeconds: number;
  readonly eventLoopDelayMs: number | null;
  readonly packets: NodePackets | null;
}

/** RTP and RTCP packets by what became of them. */
export interface NodePackets {
  readonly received: number;
  readonly sent: number;
  readonly unsent: number;
  readonly overdue: number;
  readonly missed: number;
  readonly wanted: number;
  readonly resent: number;
}

/** A client as the node counts it, ours or not. */
export type InspectedClient = Omit<NodeClientView, 'session'>;

/** What a media server tells of all that it has, for administrators. All errors are GatewayErrors. */
export interface NodeInspection {
  summary(): Promise<NodeSummary>;
  streams(): Promise<readonly NodeStream[]>;
  clients(): Promise<readonly InspectedClient[]>;
  vhosts(): Promise<readonly NodeVhost[]>;
}

/** What rooms ask of one media server. All errors are GatewayErrors. */
export interface MediaNode {
  readonly name: string;
  /** What it can carry; known after the first successful `identify()`. */
  readonly codecs: NodeCodecs;
  readonly inspection: NodeInspection;
  identify(): Promise<NodeIdentity>;
  open(offer: NodeOffer): Promise<NodeAnswer>;
  figures(): Promise<NodeFigures>;
  /** Every WebRTC session at the node, ours or not. */
  clients(): Promise<readonly NodeClient[]>;
  /** Removes a session by the id that hooks and lists give; false when the node has none. */
  remove(clientId: string): Promise<boolean>;
  /** Gives a viewer another layer; only where `codecs.layered` names some. */
  chooseLayer(clientId: string, choice: LayerChoice): Promise<'chosen' | 'no-layer' | 'gone'>;
  /** It writes what it is told to; others write all that is published, or nothing. */
  readonly recordsOnRequest: boolean;
  /** Begins or ends writing publications of a room; only where it records on request. */
  record(wish: RecordingWish): Promise<void>;
  close(): Promise<void>;
}

/** What a node is to write, published or not; `sources` null: all of the room. */
export interface RecordingWish {
  readonly room: RoomId;
  readonly sources: readonly SourceId[] | null;
  readonly on: boolean;
}

/** A file that a node wrote: its path there, and why it ends before its publication. */
export interface RecordedFile {
  readonly path: string;
  readonly error: string | null;
}

/** When a hook came, epoch milliseconds, and the `X-Request-Id` of its answer. */
export interface HookCall {
  readonly at: number;
  readonly request: string | undefined;
}

/** A hook in our words; `ticket` is null when the caller brought none. */
export interface NodeHook {
  readonly event: 'publish' | 'unpublish' | 'play' | 'stop' | 'connect' | 'close' | 'dvr';
  readonly service: string;
  readonly clientId: string;
  readonly room: string;
  readonly source: string;
  readonly ticket: string | null;
  /** The call that brought it. */
  readonly call?: HookCall;
  /** Of `dvr` alone. */
  readonly recorded?: RecordedFile;
}
