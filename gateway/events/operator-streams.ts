import type { Grant } from '../auth/grant.ts';
import { GatewayError } from '../errors.ts';
import { LIMITS } from '../limits/limits.ts';
import type { GatewayEvent } from '../protocol/gateway-event.ts';
import type { GrantHolders } from '../rooms/expiry.ts';
import type { EventBus } from './event-bus.ts';
import { EventRing } from './event-ring.ts';
import {
  eventText,
  OperatorStream,
  type OperatorSink,
  type StreamFilter,
} from './operator-stream.ts';

/** Events of this time are written at once. */
const FLUSH_MS = 20;

/** Streams of events for operators: pages and integrators. Nothing here waits for a reader. */
export class OperatorStreams implements GrantHolders {
  readonly #bus: EventBus;
  readonly #ring: EventRing;
  readonly #streams = new Set<OperatorStream>();
  readonly #pings = setInterval(() => this.#ping(), LIMITS.eventPingMs).unref();
  #flush: NodeJS.Timeout | undefined;
  #open = true;

  constructor(bus: EventBus) {
    this.#bus = bus;
    this.#ring = new EventRing(bus, LIMITS.eventsKept);
    bus.subscribe((event) => this.#tell(event));
  }

  get size(): number {
    return this.#streams.size;
  }

  /**
   * Opens a stream; the result ends it. `lastId`: the last event that the client heard.
   * @throws GatewayError
   */
  open(
    { grant, filter, lastId }: { grant: Grant; filter: StreamFilter; lastId: string | undefined },
    connect: () => OperatorSink,
  ): () => void {
    this.#requirePlace(grant);
    const missed = lastId === undefined ? [] : this.#ring.after(lastId);
    const maxWaiting = LIMITS.operatorStreamBytes;
    const stream = new OperatorStream({ grant, filter, sink: connect(), maxWaiting });
    this.#streams.add(stream);
    for (const event of missed ?? []) stream.push(event, eventText(event));
    if (missed === undefined || stream.isHalfFull) stream.reset();
    stream.begin(this.#bus.lastId);
    this.#write(stream);
    return () => void this.#streams.delete(stream);
  }

  sweep(reasonToEnd: (grant: Grant) => string | undefined): void {
    for (const stream of this.#streams) {
      if (reasonToEnd(stream.grant) === undefined) continue;
      this.#write(stream);
      this.#end(stream);
    }
  }

  close(): void {
    this.#open = false;
    clearInterval(this.#pings);
    clearTimeout(this.#flush);
    for (const stream of this.#streams) {
      this.#write(stream);
      this.#end(stream);
    }
  }

  #requirePlace({ subject }: Grant): void {
    if (!this.#open) throw new GatewayError('shutting-down', 'The gateway stops.');
    if (this.#streams.size >= LIMITS.operatorStreams) {
      throw new GatewayError('capacity', 'There are too many event streams. Try again later.', {
        retryAfterSeconds: 10,
      });
    }
    const own = [...this.#streams].filter(({ grant }) => grant.subject === subject).length;
    if (own < LIMITS.operatorStreamsPerSubject) return;
    throw new GatewayError(
      'too-many-sessions',
      `One "sub" has at most ${LIMITS.operatorStreamsPerSubject} event streams at once.`,
      { retryAfterSeconds: 10 },
    );
  }

  #tell(event: GatewayEvent): void {
    if (this.#streams.size === 0) return;
    const text = eventText(event);
    for (const stream of this.#streams) stream.push(event, text);
    this.#flush ??= setTimeout(() => {
      this.#flush = undefined;
      for (const stream of this.#streams) this.#write(stream);
    }, FLUSH_MS);
  }

  #write(stream: OperatorStream): void {
    if (!stream.flush()) this.#streams.delete(stream);
  }

  #end(stream: OperatorStream): void {
    this.#streams.delete(stream);
    stream.end();
  }

  #ping(): void {
    for (const stream of this.#streams) {
      this.#write(stream);
      stream.ping(this.#bus.lastId);
    }
  }
}
