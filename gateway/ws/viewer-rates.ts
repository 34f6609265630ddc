import { LIMITS } from '../limits/limits.ts';
import { pointsOf } from '../limits/message-budget.ts';
import { typeOf, type Cost, type MessageRates } from './message-rates.ts';

type ViewerKind = 'other' | 'frames' | 'events' | 'pings' | 'clipboard';

/** What a viewer may send of each kind. */
export const VIEWER_RATES: MessageRates<ViewerKind> = {
  rates: {
    other: { perSecond: LIMITS.viewerMessagesPerSecond, burst: LIMITS.viewerMessagesAtOnce },
    frames: { perSecond: LIMITS.inputFramesPerSecond, burst: LIMITS.inputFramesAtOnce },
    events: { perSecond: LIMITS.inputEventsPerSecond, burst: LIMITS.inputEventsAtOnce },
    pings: { perSecond: LIMITS.viewerPingsPerSecond, burst: LIMITS.viewerPingsAtOnce },
    clipboard: {
      perSecond: pointsOf(LIMITS.clipboardMessageBytesPerSecond),
      burst: pointsOf(LIMITS.clipboardMessageBytesAtOnce),
    },
  },
  costsOf: (message, bytes) => {
    switch (typeOf(message)) {
      case 'input/frame':
        return frameCosts(message);
      case 'viewer/ping':
      case 'input/seen':
        return [['pings', pointsOf(bytes)]];
      case 'clipboard/part':
        return [['clipboard', pointsOf(bytes)]];
      default:
        return [['other', pointsOf(bytes)]];
    }
  },
};

function frameCosts(message: unknown): readonly Cost<ViewerKind>[] {
  const { events } = message as { readonly events?: unknown };
  return [
    ['frames', 1],
    ['events', Array.isArray(events) ? events.length : 0],
  ];
}
