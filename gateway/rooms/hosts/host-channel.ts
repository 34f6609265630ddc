import type { HostCommand } from '../../protocol/host.ts';

/** Why a socket ends by our will. */
export type Dismissal =
  | 'replaced'
  | 'expired'
  | 'revoked'
  | 'kicked'
  | 'forbidden'
  | 'ended' // by whoever holds the session's secret
  | 'shutdown'
  | 'moved'; // its room goes on at another gateway

/** What the middle sees of a host's socket. */
export interface HostChannel {
  /** Round trip on it, once it was measured. */
  readonly rttMs: number | null;
  send(command: HostCommand): void;
  /** Calls once the peer has all that was sent until now; never when the socket ends before. */
  onceRead(act: () => void): void;
  dismiss(reason: Dismissal): void;
}
