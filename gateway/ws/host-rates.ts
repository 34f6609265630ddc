import { LIMITS } from '../limits/limits.ts';
import { pointsOf } from '../limits/message-budget.ts';
import { typeOf, type MessageRates } from './message-rates.ts';

/** What a host may send of each kind. */
export const HOST_RATES: MessageRates<'other' | 'answers' | 'clipboard'> = {
  rates: {
    other: { perSecond: LIMITS.hostMessagesPerSecond, burst: LIMITS.hostMessagesAtOnce },
    answers: { perSecond: LIMITS.inputAnswersPerSecond, burst: LIMITS.inputAnswersAtOnce },
    clipboard: {
      perSecond: pointsOf(LIMITS.clipboardMessageBytesPerSecond),
      burst: pointsOf(LIMITS.clipboardMessageBytesAtOnce),
    },
  },
  costsOf: (message, bytes) => {
    switch (typeOf(message)) {
      case 'input/applied':
      case 'input/pictured':
        return [['answers', pointsOf(bytes)]];
      case 'clipboard/part':
        return [['clipboard', pointsOf(bytes)]];
      default:
        return [['other', pointsOf(bytes)]];
    }
  },
};
