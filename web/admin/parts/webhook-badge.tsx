import type { WebhookView } from '../../../gateway/protocol/api/webhooks.ts';
import { Badge } from './badge.tsx';

/** Whether a receiver gets what it should. */
export function WebhookBadge({
  webhook: { enabled, failingSince },
}: {
  readonly webhook: WebhookView;
}) {
  if (!enabled) return <Badge tone="plain">switched off</Badge>;
  return failingSince === null ? <Badge tone="good">works</Badge> : <Badge tone="bad">fails</Badge>;
}
