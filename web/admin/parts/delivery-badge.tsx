import type { DeliveryState } from '../../../gateway/protocol/api/webhooks.ts';
import { deliveryStateNames, deliveryTones } from '../delivery-words.ts';
import { Badge } from './badge.tsx';

/** How a delivery stands. */
export function DeliveryBadge({ state }: { readonly state: DeliveryState }) {
  return <Badge tone={deliveryTones[state]}>{deliveryStateNames[state]}</Badge>;
}
