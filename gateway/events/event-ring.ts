import type { GatewayEvent } from '../protocol/gateway-event.ts';
import type { EventBus } from './event-bus.ts';

/** The newest events of a bus. */
export class EventRing {
  readonly #events: GatewayEvent[] = [];
  readonly #size: number;
  /** The newest event that is not here any more. */
  #before: string;

  constructor(bus: EventBus, size: number) {
    this.#size = size;
    this.#before = bus.lastId;
    bus.subscribe((event) => this.#add(event));
  }

  /** What came after an event, oldest first; undefined when that is not known here any more. */
  after(id: string): readonly GatewayEvent[] | undefined {
    if (id === this.#before) return this.#events;
    const place = this.#events.findLastIndex((event) => event.id === id);
    return place === -1 ? undefined : this.#events.slice(place + 1);
  }

  #add(event: GatewayEvent): void {
    this.#events.push(event);
    // A quarter more before they are cut, so that each costs little.
    if (this.#events.length < this.#size * 1.25) return;
    const dropped = this.#events.splice(0, this.#events.length - this.#size);
    this.#before = dropped.at(-1)?.id ?? this.#before;
  }
}
