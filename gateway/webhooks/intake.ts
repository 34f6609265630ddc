import { LIMITS } from '../limits/limits.ts';
import type { Logger } from '../observability/logger.ts';
import type { GatewayEvent } from '../protocol/gateway-event.ts';
import type { Dispatcher } from './dispatcher.ts';
import { wants } from './endpoint.ts';
import type { EndpointBook } from './endpoint-book.ts';
import type { NewDelivery, Outbox } from './outbox.ts';

/** Events of this time are written at once: a process that is killed loses them. */
const FLUSH_MS = 20;
const AT_ONCE = 500;
/** After a write that failed, as with a full disk. */
const RETRY_MS = 1_000;

export interface IntakeParts {
  readonly book: EndpointBook;
  readonly outbox: Outbox;
  readonly dispatcher: Dispatcher;
  readonly log: Logger;
  readonly onDropped: () => void;
}

/** Takes events from the bus to the outbox, in their order; whoever publishes waits for nothing. */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #dropped = new Map<string, number>();
  #unwritten: NewDelivery[] = [];
  /** What was heard before the endpoints were known. */
  #early: GatewayEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #ready = false;
  #failed = false;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** Deliveries on their way to the disk. */
  get size(): number {
    return this.#unwritten.length;
  }

  /** Events that an endpoint did not get because too many waited. */
  dropped(endpoint: string): number {
    return this.#dropped.get(endpoint) ?? 0;
  }

  /** Hears an event of the bus. */
  hear(event: GatewayEvent): void {
    if (!this.#ready) {
      if (this.#early.length < LIMITS.webhookUnwritten) this.#early.push(event);
      return;
    }
    const interested = this.#parts.book.list().filter((endpoint) => wants(endpoint, event));
    if (interested.length === 0) return;
    const body = bodyOf(event);
    const room = 'room' in event ? event.room : '';
    for (const { id } of interested) {
      this.add({ endpoint: id, event: event.id, type: event.type, room, body, at: event.at });
    }
  }

  /** Queues one; false: too many wait, and it is dropped. */
  add(delivery: NewDelivery): boolean {
    const { dispatcher, onDropped } = this.#parts;
    const { endpoint } = delivery;
    const isFull =
      this.#unwritten.length >= LIMITS.webhookUnwritten ||
      dispatcher.waiting(endpoint) >= LIMITS.webhookBacklog;
    if (isFull) {
      this.#dropped.set(endpoint, this.dropped(endpoint) + 1);
      onDropped();
      return false;
    }
    this.#unwritten.push(delivery);
    this.#schedule(FLUSH_MS);
    return true;
  }

  /** The endpoints are known from now on. */
  begin(): void {
    this.#ready = true;
    for (const event of this.#early.splice(0)) this.hear(event);
  }

  forget(endpoint: string): void {
    this.#dropped.delete(endpoint);
    this.#unwritten = this.#unwritten.filter((each) => each.endpoint !== endpoint);
  }

  /** Writes what is there. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#writing;
    clearTimeout(this.#timer);
    while (this.#unwritten.length > 0 && !this.#failed) await this.#write();
  }

  #schedule(ms: number): void {
    if (this.#timer !== undefined || this.#writing !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
        if (this.#unwritten.length > 0) this.#schedule(this.#failed ? RETRY_MS : 0);
      });
    }, ms);
  }

  async #write(): Promise<void> {
    const { book, outbox, dispatcher, log } = this.#parts;
    const batch = this.#unwritten
      .slice(0, AT_ONCE)
      .filter(({ endpoint }) => book.find(endpoint) !== undefined);
    const rest = this.#unwritten.slice(AT_ONCE);
    this.#unwritten = [...batch, ...rest];
    try {
      const seqs = await outbox.add(batch);
      this.#failed = false;
      const written = new Set(batch);
      this.#unwritten = this.#unwritten.filter((each) => !written.has(each));
      dispatcher.add(
        batch.map(({ endpoint, room, at }, index) => {
          return { seq: seqs[index] ?? 0, endpoint, room, at, nextAt: null };
        }),
      );
    } catch (error) {
      if (!this.#failed) log.error({ err: error }, 'events not written to the outbox');
      this.#failed = true;
    }
  }
}

/** An event as it is sent: with the time as Standard Webhooks has it. */
const bodyOf = (event: GatewayEvent): string =>
  JSON.stringify({ ...event, timestamp: new Date(event.at).toISOString() });
