import type { ViewerEvent } from '../../protocol/viewer.ts';
import type { Dismissal } from './host-channel.ts';

/** What the middle sees of a viewer's socket. */
export interface ViewerChannel {
  /** Whether all that was sent is on its way; `ViewerSeat.flush` is called when it becomes so. */
  readonly isClear: boolean;
  /** Round trip on it, once it was measured. */
  readonly rttMs: number | null;
  send(event: ViewerEvent): void;
  /** Calls once the peer has all that was sent until now; never when the socket ends before. */
  onceRead(act: () => void): void;
  dismiss(reason: Dismissal): void;
}
