import { LIMITS } from '../limits/limits.ts';
import { pointsOf } from '../limits/message-budget.ts';
import type { MessageRates } from './message-rates.ts';

/** What a peer of a direct session may send. */
export const SIGNAL_RATES: MessageRates<'messages'> = {
  rates: {
    messages: { perSecond: LIMITS.signalMessagesPerSecond, burst: LIMITS.signalMessagesAtOnce },
  },
  costsOf: (_message, bytes) => [['messages', pointsOf(bytes)]],
};
