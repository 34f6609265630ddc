import type { Observable } from '../core/observable.ts';
import type { PublishStats } from '../core/publish-stats.ts';
import type { StripesFigures } from '../core/stripes-publisher/worker-messages.ts';
import type { EncoderLimits } from '../core/whip-client.ts';
import type { ShareStanding } from './share-standing.ts';

/** What leaves this browser by WebRTC and by WebSocket; null: that way is not used. */
export interface SentMedia {
  readonly webrtc: PublishStats | null;
  readonly websocket: StripesFigures | null;
}

/** What the encoder may do. */
export interface SendLimits extends EncoderLimits {
  readonly maxBitrateBps: number;
  readonly maxFramerate: number;
}

/** Sends one stream to whoever watches, whichever way. */
export interface StreamSender {
  readonly state: Observable<ShareStanding>;
  /** Whether several sizes were wanted and the server takes one only; null: nothing of the kind. */
  readonly sizesRefused: Observable<boolean> | null;
  start(): void;
  /** Ends all; the tracks stay with the caller. Idempotent. */
  stop(): void;
  /** Cuts back-offs short. */
  retryNow(): void;
  setContentHint(hint: 'detail' | 'motion'): void;
  setLimits(limits: SendLimits): Promise<void>;
  /** Sends another track of the same kind in place of the present one, without negotiation. */
  replaceTrack(track: MediaStreamTrack): Promise<void>;
  stats(): Promise<SentMedia>;
}
