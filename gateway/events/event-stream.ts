import { LIMITS } from '../limits/limits.ts';
import type { EventName } from '../protocol/events.ts';

/** Milliseconds a client waits before it connects again. */
const RETRY_MS = 2_000;

/** Where the events of one connection go. */
export interface EventSink {
  /** False when it takes no more for now; `EventStream.flush` is called once it does. */
  write(text: string): boolean;
  /** Ends it after what was written. */
  end(): void;
  /** Cuts it off. */
  destroy(): void;
}

export interface EventStreamParts {
  readonly id: string;
  readonly names: ReadonlySet<EventName>;
  /** Called when there is something to flush. */
  readonly onPending: (stream: EventStream) => void;
  readonly onUnread: (stream: EventStream) => void;
}

/**
 * One subscription, with at most one connection that reads it. Of what waits only the newest of
 * each kind is kept, so that a slow reader costs a few hundred bytes whatever happens meanwhile.
 */
export class EventStream {
  readonly id: string;
  readonly #parts: EventStreamParts;
  /** Data of the kinds of which only the newest counts, and those not written yet. */
  readonly #newest = new Map<EventName, string>();
  readonly #unwritten = new Set<EventName>();
  /** Starts and stops of the publisher, not written yet. */
  #changes: readonly EventName[] = [];
  #publisher: EventName | null = null;
  #sink: EventSink | null = null;
  /** How many pings ago the connection took no more; null while it takes. */
  #fullFor: number | null = null;
  #timer: NodeJS.Timeout;
  #open = true;

  constructor(parts: EventStreamParts) {
    this.id = parts.id;
    this.#parts = parts;
    this.#timer = this.#awaitReader();
  }

  /** What was asked for. */
  get names(): ReadonlySet<EventName> {
    return this.#parts.names;
  }

  /** Queues an event if its kind was asked for. */
  push(name: EventName, data: object): void {
    if (!this.#open) return;
    if (name === 'active' || name === 'inactive') this.#change(name);
    else if (this.#parts.names.has(name)) {
      this.#newest.set(name, JSON.stringify(data));
      this.#unwritten.add(name);
    }
    if (this.#sink !== null) this.#parts.onPending(this);
  }

  /**
   * Makes this connection the reader; an older one is ended. The present state is told anew, since
   * nobody knows what a lost connection still delivered: `Last-Event-ID` is not needed.
   */
  attach(sink: EventSink): void {
    this.#release();
    this.#sink = sink;
    clearTimeout(this.#timer);
    this.#timer = setInterval(() => this.#ping(sink), LIMITS.eventPingMs);
    if (this.#changes.length === 0 && this.#publisher !== null) this.#changes = [this.#publisher];
    for (const name of this.#newest.keys()) this.#unwritten.add(name);
    this.#write(sink, `retry: ${RETRY_MS}\n\n`);
    this.flush();
  }

  /** The connection is gone; the stream waits for another. */
  detach(sink: EventSink): void {
    if (this.#sink !== sink || !this.#open) return;
    this.#sink = null;
    clearTimeout(this.#timer);
    this.#timer = this.#awaitReader();
  }

  /** Its connection takes more again. */
  drained(sink: EventSink): void {
    if (this.#sink !== sink) return;
    this.#fullFor = null;
    this.flush();
  }

  /** Writes what waits, unless the connection is full. */
  flush(): void {
    const sink = this.#sink;
    if (sink === null || this.#fullFor !== null) return;
    const changes = this.#changes.filter((name) => this.#parts.names.has(name));
    let text = changes.map((name) => format(name, '{}')).join('');
    for (const name of this.#unwritten) text += format(name, this.#newest.get(name) ?? '{}');
    this.#changes = [];
    this.#unwritten.clear();
    if (text !== '') this.#write(sink, text);
  }

  /** Ends the stream and its connection; what a slow reader has not taken is dropped. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    clearTimeout(this.#timer);
    this.#release();
  }

  #release(): void {
    if (this.#fullFor === null) this.#sink?.end();
    else this.#sink?.destroy();
    this.#sink = null;
    this.#fullFor = null;
  }

  /** Pairs of changes that nobody read cancel out: a list of two says as much as one of twenty. */
  #change(name: EventName): void {
    if (name === this.#publisher) return;
    this.#publisher = name;
    this.#changes = this.#changes.length < 2 ? [...this.#changes, name] : this.#changes.slice(0, 1);
  }

  #ping(sink: EventSink): void {
    if (this.#fullFor === null) this.#write(sink, ':\n\n');
    else if (this.#fullFor > 0) sink.destroy();
    else this.#fullFor += 1;
  }

  #write(sink: EventSink, text: string): void {
    if (!sink.write(text)) this.#fullFor = 0;
  }

  #awaitReader(): NodeJS.Timeout {
    return setTimeout(() => this.#parts.onUnread(this), LIMITS.eventUnreadMs);
  }
}

const format = (name: EventName, data: string): string => `event: ${name}\ndata: ${data}\n\n`;
