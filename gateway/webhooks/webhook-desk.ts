import type { RowLedger } from '../cluster/rows/row-ledger.ts';
import type { SharedRows } from '../cluster/rows/shared-rows.ts';
import type { RowChange } from '../cluster/rows/shared-table.ts';
import { GatewayError } from '../errors.ts';
import type { EventBus } from '../events/event-bus.ts';
import { LIMITS } from '../limits/limits.ts';
import type { Logger } from '../observability/logger.ts';
import type {
  DeliveryDetail,
  DeliveryView,
  WebhookChange,
  WebhookRequest,
  WebhookView,
} from '../protocol/api/webhooks.ts';
import type { LateStore } from '../store/late-store.ts';
import type { Store } from '../store/store.ts';
import type { Span, SpanOptions } from '../tracing/span.ts';
import { GIVE_UP_MS } from './backoff.ts';
import { Dispatcher } from './dispatcher.ts';
import type { Endpoint } from './endpoint.ts';
import { EndpointBook } from './endpoint-book.ts';
import { endpointView } from './endpoint-view.ts';
import { Intake } from './intake.ts';
import { Outbox, type DeliveryQuery } from './outbox.ts';
import type { TargetRule } from './target-rule.ts';
import { TestRate } from './test-rate.ts';

const TIDY_MS = 600_000;

export interface WebhookDeskParts {
  readonly store: Pick<LateStore, 'start' | 'all' | 'write' | 'close'>;
  /** The same store for endpoints, which all gateways have in common. */
  readonly endpoints: Store;
  /** Makes them the same; undefined for a gateway that is alone. */
  readonly shared: Pick<SharedRows, 'start' | 'settled' | 'compare' | 'close'> | undefined;
  readonly ledger: Pick<RowLedger, 'tidy'>;
  readonly bus: EventBus;
  readonly rule: TargetRule;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
  /** The span of one attempt to deliver an event. */
  readonly trace: (event: string, options: SpanOptions) => Span;
  readonly onAttempt: (outcome: 'delivered' | 'failed' | 'dead' | 'dropped') => void;
  /** An endpoint was disabled by a rule. */
  readonly onDisabled: (endpoint: Endpoint, why: string) => void;
}

/** Webhooks: who gets which events, and what became of each. */
export class WebhookDesk {
  readonly #parts: WebhookDeskParts;
  readonly #book: EndpointBook;
  readonly #outbox: Outbox;
  readonly #dispatcher: Dispatcher;
  readonly #intake: Intake;
  readonly #leave: () => void;
  readonly #tests = new TestRate();
  #timer: NodeJS.Timeout | undefined;
  #loading: Promise<void> | undefined;

  constructor(parts: WebhookDeskParts) {
    const { store, endpoints, log, now, onAttempt } = parts;
    this.#parts = parts;
    const book = new EndpointBook(endpoints, now);
    const outbox = new Outbox(store);
    const onHopeless = (endpoint: Endpoint, why: string): void => void this.#disable(endpoint, why);
    const dispatcher = new Dispatcher({ ...parts, book, outbox, onHopeless });
    const onDropped = (): void => onAttempt('dropped');
    this.#book = book;
    this.#outbox = outbox;
    this.#dispatcher = dispatcher;
    this.#intake = new Intake({ book, outbox, dispatcher, log, onDropped });
    this.#leave = parts.bus.subscribe((event) => this.#intake.hear(event));
  }

  /** Deliveries that wait, of all endpoints. */
  get backlog(): number {
    return this.#dispatcher.waiting() + this.#intake.size;
  }

  /** Reads what is kept and goes on where it stopped; nothing waits for it. */
  start(): void {
    this.#loading = this.#load();
    this.#timer = setInterval(() => void this.#tidy(), TIDY_MS);
  }

  /** Events heard until now are in the outbox, and what is under way is ended. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#leave();
    await this.#loading;
    await this.#parts.shared?.close();
    await this.#intake.close();
    await this.#dispatcher.close();
    await this.#parts.store.close();
  }

  async list(): Promise<WebhookView[]> {
    await this.#settled();
    return this.#book.list().map((endpoint) => this.view(endpoint));
  }

  /** @throws GatewayError `not-found` */
  async get(id: string): Promise<Endpoint> {
    await this.#settled();
    if (this.#book.find(id) === undefined) await this.#parts.shared?.compare();
    return this.#book.get(id);
  }

  async create(request: WebhookRequest): Promise<Endpoint> {
    this.#requireTarget(request.url);
    await this.#loading;
    return await this.#book.create(request);
  }

  async change(endpoint: Endpoint, change: WebhookChange): Promise<Endpoint> {
    if (change.url !== undefined) this.#requireTarget(change.url);
    const changed = await this.#book.change(endpoint, change);
    this.#dispatcher.refresh(changed.id);
    return changed;
  }

  async delete(endpoint: Endpoint): Promise<void> {
    await this.#book.delete(endpoint);
    this.#forget(endpoint.id);
  }

  rotate(endpoint: Endpoint, overlapMs: number): Promise<Endpoint> {
    return this.#book.rotate(endpoint, overlapMs);
  }

  /** Sends an event of its own now, and tells what became of it. */
  async test(endpoint: Endpoint): Promise<DeliveryDetail> {
    const { bus, now } = this.#parts;
    this.#tests.count(now());
    const event = bus.make({ type: 'webhook.test', data: { webhook: endpoint.id } });
    const body = JSON.stringify({ ...event, timestamp: new Date(event.at).toISOString() });
    const { id, type, at } = event;
    const [seq = 0] = await this.#outbox.add([
      { endpoint: endpoint.id, event: id, type, room: '', body, at },
    ]);
    const outcome = await this.#dispatcher.send(endpoint, id, body);
    await this.#outbox.note(seq, outcome, { at: now(), nextAt: null });
    if (outcome.kind === 'delivered') this.#dispatcher.refresh(endpoint.id);
    return await this.delivery(endpoint, seq);
  }

  deliveries(
    { id }: Endpoint,
    query: DeliveryQuery,
  ): Promise<{ items: DeliveryView[]; total: number }> {
    return this.#outbox.list(id, query);
  }

  /** @throws GatewayError `not-found` */
  async delivery({ id }: Endpoint, seq: number): Promise<DeliveryDetail> {
    const delivery = await this.#outbox.find(id, seq);
    if (delivery !== undefined) return delivery;
    throw new GatewayError('not-found', 'There is no such delivery, or no longer.');
  }

  /** Queues what was sent, or was to be, once more. */
  async replay(endpoint: Endpoint, seq: number): Promise<DeliveryView> {
    const { event, type, room, body } = await this.delivery(endpoint, seq);
    if (this.#dispatcher.waiting(endpoint.id) >= LIMITS.webhookBacklog) {
      throw new GatewayError('capacity', 'Too many deliveries of this webhook wait already.');
    }
    const at = this.#parts.now();
    const fresh = { endpoint: endpoint.id, event, type, room: room ?? '', body, at };
    const [added = 0] = await this.#outbox.add([fresh]);
    const reply = await this.delivery(endpoint, added);
    this.#dispatcher.add([{ ...fresh, seq: added, nextAt: null }]);
    return reply;
  }

  view(endpoint: Endpoint): WebhookView {
    const { id } = endpoint;
    const counts = { waiting: this.#dispatcher.waiting(id), dropped: this.#intake.dropped(id) };
    return endpointView(endpoint, counts, this.#parts.now());
  }

  /** Endpoints were changed at another gateway, and are in the store. */
  async take(changes: readonly RowChange[]): Promise<void> {
    await this.#book.load();
    for (const { id, row } of changes) {
      if (row === null) this.#forget(id);
      else this.#dispatcher.refresh(id);
    }
  }

  #forget(id: string): void {
    this.#intake.forget(id);
    this.#dispatcher.delete(id);
  }

  async #load(): Promise<void> {
    try {
      const { store, shared } = this.#parts;
      await store.start();
      if (shared !== undefined) await this.#outbox.numberApart();
      await this.#book.load();
      this.#dispatcher.add(await this.#outbox.waiting());
      this.#intake.begin();
      shared?.start();
      await this.#tidy();
    } catch (error) {
      this.#parts.log.error({ err: error }, 'webhooks not read');
    }
  }

  async #settled(): Promise<void> {
    await this.#loading;
    await this.#parts.shared?.settled();
  }

  async #disable(endpoint: Endpoint, why: string): Promise<void> {
    const known = this.#book.find(endpoint.id);
    if (known?.enabled !== true) return;
    try {
      await this.#book.disable(known, why);
      this.#parts.onDisabled(known, why);
    } catch (error) {
      this.#parts.log.error({ err: error, webhook: endpoint.id }, 'webhook not disabled');
    }
  }

  /** What waits for a disabled endpoint is given up like everything else; old entries go. */
  async #tidy(): Promise<void> {
    const now = this.#parts.now();
    const endpoints = this.#book.list();
    try {
      for (const { id, enabled } of endpoints) {
        if (enabled) continue;
        await this.#outbox.giveUp(id, now - GIVE_UP_MS, 'The webhook was disabled.', now);
        this.#dispatcher.drop(id, now - GIVE_UP_MS);
      }
      await this.#outbox.tidy(
        endpoints.map(({ id }) => id),
        now,
      );
      await this.#parts.ledger.tidy(now);
    } catch (error) {
      this.#parts.log.error({ err: error }, 'deliveries not tidied up');
    }
  }

  /** What the URL itself says; names are looked up when they are called. */
  #requireTarget(url: string): void {
    try {
      this.#parts.rule.check(new URL(url));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw new GatewayError('bad-request', `url: ${error.message}`);
    }
  }
}
