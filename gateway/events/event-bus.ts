import type { Logger } from '../observability/logger.ts';
import type { GatewayEvent, GatewayNews } from '../protocol/gateway-event.ts';
import { eventIds } from './event-id.ts';

/** Hears of events at once, in their order; it must not wait for anything. */
export type EventListener = (event: GatewayEvent) => void;

/** Tells what happens in this gateway to all who want to know. */
export class EventBus {
  readonly #listeners = new Set<EventListener>();
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #nextId: () => string;
  #lastId: string;

  constructor({ log, now }: { readonly log: Logger; readonly now: () => number }) {
    this.#log = log;
    this.#now = now;
    this.#nextId = eventIds(now);
    this.#lastId = this.#nextId();
  }

  /** Of the newest event; before the first, an id that is smaller. */
  get lastId(): string {
    return this.#lastId;
  }

  /** An event that is not told: for one receiver alone. */
  make(news: GatewayNews): GatewayEvent {
    return { id: this.#nextId(), at: this.#now(), ...news };
  }

  /** Never throws: what a listener cannot take is logged. */
  publish(news: GatewayNews): GatewayEvent {
    const event = this.make(news);
    this.pass(event);
    return event;
  }

  /** Tells an event that another bus made. Never throws. */
  pass(event: GatewayEvent): void {
    this.#lastId = event.id;
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#log.error({ err: error, type: event.type }, 'event not taken');
      }
    }
  }

  /** Hears of what happens from now on, until the result is called. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
