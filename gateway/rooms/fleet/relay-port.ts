import type { LocalTransport } from '../../../native/local-transport.ts';
import type { Leg, RelayCounts, RemoteTransport } from '../../carriage/messages.ts';

/** A relay whose legs have a transport each. */
export interface OpenRelay {
  readonly legs: Readonly<Record<Leg, LocalTransport>>;
  /** As it last told. */
  readonly counts: RelayCounts;
  /** Goes to a node; resolves when packets can be sent. @throws Error when it ends before */
  connect(leg: Leg, remote: RemoteTransport): Promise<void>;
  /** Idempotent; `onEnd` is not called. */
  close(): void;
}

/** Who passes media from node to node. */
export interface RelayPort {
  /** @throws Error when there is no relay to be had now */
  open(onEnd: (why: string) => void): Promise<OpenRelay>;
}
