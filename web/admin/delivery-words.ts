import type { DeliveryState, DeliveryView } from '../../gateway/protocol/api/webhooks.ts';
import { UNKNOWN, showMilliseconds } from '../ui/quantity.ts';

export const deliveryStateNames: Record<DeliveryState, string> = {
  waiting: 'waiting',
  delivered: 'delivered',
  dead: 'given up',
};

export const deliveryTones = { waiting: 'warm', delivered: 'good', dead: 'bad' } as const;

/** `204, 12 ms, Delivered.` */
export function showAnswer({ status, durationMs, detail }: DeliveryView): string {
  const parts = [status, durationMs === null ? null : showMilliseconds(durationMs), detail];
  return parts.filter((part) => part !== null && part !== '').join(', ') || UNKNOWN;
}

/** JSON with a line for each member; any other text as it is. */
export function showBody(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
