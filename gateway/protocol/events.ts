import { z } from 'zod';

/** Events of the WHEP server-sent events extension; `layers` only of sources that have layers. */
export const EventName = z.enum(['active', 'inactive', 'viewercount', 'reconnect', 'layers']);
export type EventName = z.infer<typeof EventName>;

/** Body of a request for an event stream; absent, it is all that was announced. */
export const EventNames = z.array(z.string().max(32)).min(1).max(16);

/** Data of `viewercount`. */
export interface ViewerCount {
  readonly viewercount: number;
}

/** Data of `reconnect`; without `url` the endpoint of before is meant. */
export interface Reconnect {
  readonly url?: string;
  /** Somebody publishes: an offer brings a picture. Ours; absent, that is not told. */
  readonly live?: true;
}
