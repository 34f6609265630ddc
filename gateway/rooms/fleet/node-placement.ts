import type { MediaNode } from '../../media/node.ts';
import type { SourcePlace } from '../hosts/source-place.ts';

/** Where sessions go; what it throws are GatewayErrors. */
export interface NodePlacement {
  /** The node of a source that begins, or that somebody waits for. */
  forSource(source: SourcePlace): MediaNode;
  /** The node of one more viewer of a source that is published at `origin`. */
  forViewer(source: SourcePlace, origin: MediaNode): MediaNode;
}

/** Brings sources to further nodes. */
export interface SourceCarrier {
  /** Whether one more viewer fits nowhere now. */
  isNeeded(source: SourcePlace): boolean;
  /** Makes room for one more viewer if that can be done; never rejects. */
  makeRoom(source: SourcePlace): Promise<void>;
}
