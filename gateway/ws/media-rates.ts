import { LIMITS } from '../limits/limits.ts';
import { pointsOf } from '../limits/message-budget.ts';
import type { MessageRates } from './message-rates.ts';

type MediaRates = MessageRates<'other' | 'media'>;

const other = { perSecond: LIMITS.viewerMessagesPerSecond, burst: LIMITS.viewerMessagesAtOnce };

const costsOf: MediaRates['costsOf'] = (message, bytes) => [
  [message instanceof Uint8Array ? 'media' : 'other', pointsOf(bytes)],
];

/** What a viewer may send: receipts, and now and then what it wants. */
export const WATCHER_RATES: MediaRates = {
  rates: {
    other,
    media: { perSecond: LIMITS.mediaReceiptsPerSecond, burst: LIMITS.mediaReceiptsAtOnce },
  },
  costsOf,
};

/** What a publisher may send: stripes and sound, and its figures. */
export const PUBLISHER_RATES: MediaRates = {
  rates: {
    other,
    media: { perSecond: LIMITS.mediaMessagesPerSecond, burst: LIMITS.mediaMessagesAtOnce },
  },
  costsOf,
};
