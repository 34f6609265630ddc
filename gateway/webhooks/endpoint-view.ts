import type { WebhookView } from '../protocol/api/webhooks.ts';
import type { Endpoint } from './endpoint.ts';

/** An endpoint as administrators see it; what waits and was dropped is this gateway's. */
export function endpointView(
  endpoint: Endpoint,
  { waiting, dropped }: Pick<WebhookView, 'waiting' | 'dropped'>,
  now: number,
): WebhookView {
  const { id, previousUntil } = endpoint;
  const isLive = previousUntil !== null && previousUntil > now;
  return {
    id,
    url: endpoint.url,
    description: endpoint.description,
    types: [...endpoint.types],
    rooms: [...endpoint.rooms],
    enabled: endpoint.enabled,
    disabledWhy: endpoint.disabledWhy,
    failingSince: endpoint.failingSince,
    waiting,
    dropped,
    previousSecretUntil: isLive ? previousUntil : null,
    createdAt: endpoint.createdAt,
    updatedAt: endpoint.updatedAt,
  };
}
