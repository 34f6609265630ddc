import { z } from 'zod';
import type { ClusterNews } from '../cluster/homes.ts';
import { GatewayEvent } from '../protocol/gateway-event.ts';
import type { EventBus } from './event-bus.ts';

const TOPIC = 'events';
/** Events of so long are told together: a join is answered before the others hear of it. */
const TOGETHER_MS = 20;
/** So many are told at once: some 30 KiB. */
const MOST = 100;

const Told = z.array(z.unknown());

/**
 * What happens in all gateways, for operators: each tells of its own rooms, and of media servers
 * every gateway knows by itself.
 */
export class ClusterEvents {
  readonly #news: ClusterNews;
  #untold: GatewayEvent[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    { own, everywhere }: { readonly own: EventBus; readonly everywhere: EventBus },
    news: ClusterNews,
  ) {
    this.#news = news;
    own.subscribe((event) => {
      everywhere.pass(event);
      if ('room' in event) this.#tellSoon(event);
    });
    news.hear(TOPIC, (text) => {
      for (const event of readEvents(text)) everywhere.pass(event);
    });
  }

  /** Tells what was not told yet. Resolves when Redis took it, or is away. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#untold;
    this.#untold = [];
    if (events.length > 0) await this.#news.tell(TOPIC, JSON.stringify(events));
  }

  #tellSoon(event: GatewayEvent): void {
    this.#untold.push(event);
    if (this.#untold.length >= MOST) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), TOGETHER_MS);
  }
}

/** Without what this version does not know. */
function readEvents(text: string): GatewayEvent[] {
  try {
    return Told.parse(JSON.parse(text)).flatMap((each) => GatewayEvent.safeParse(each).data ?? []);
  } catch {
    return [];
  }
}
