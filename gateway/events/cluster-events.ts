import type { ClusterNews } from '../cluster/homes.ts';
import { GatewayEvent } from '../protocol/gateway-event.ts';
import type { EventBus } from './event-bus.ts';

const TOPIC = 'events';

/**
 * What happens in all gateways, for operators: each tells of its own rooms, and of media servers
 * every gateway knows by itself.
 */
export function joinEvents(
  { own, everywhere }: { readonly own: EventBus; readonly everywhere: EventBus },
  news: ClusterNews,
): void {
  own.subscribe((event) => {
    everywhere.pass(event);
    if ('room' in event) void news.tell(TOPIC, JSON.stringify(event));
  });
  news.hear(TOPIC, (text) => {
    const event = readEvent(text);
    if (event !== undefined) everywhere.pass(event);
  });
}

/** Undefined of what this version does not know. */
function readEvent(text: string): GatewayEvent | undefined {
  try {
    return GatewayEvent.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
