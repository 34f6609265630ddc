import type { EndReason } from '../protocol/end-reason.ts';
import type { KeptSession } from './kept-session.ts';
import type { Session } from './session.ts';

/** What happens to sessions, for logs and metrics; observers never change the outcome. */
export interface SessionObserver {
  opened(session: Session): void;
  live(session: Session): void;
  ended(session: Session, reason: EndReason): void;
  /** A publisher's layers came, went, stopped or have another size. */
  layersChanged?(session: Session): void;
  /** It was opened, and perhaps live, at another gateway, and goes on here. */
  adopted?(session: Session, kept: KeptSession): void;
  /** It goes on at another gateway. */
  handedOver?(session: Session): void;
}
