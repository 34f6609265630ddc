import type { Grant } from '../auth/grant.ts';
import { mayDo } from '../auth/grant.ts';
import { RESET_EVENT } from '../protocol/api/events.ts';
import type { GatewayEvent, GatewayEventType } from '../protocol/gateway-event.ts';
import type { RoomId } from '../protocol/ids.ts';

/** Milliseconds a client waits before it connects again. */
const RETRY_MS = 2_000;

/** Where the events of one connection go. */
export interface OperatorSink {
  write(text: string): void;
  /** Bytes that wait for the reader. */
  readonly waiting: number;
  /** Ends it after what was written. */
  end(): void;
  /** Cuts it off. */
  destroy(): void;
}

/** What a stream is to tell. */
export interface StreamFilter {
  readonly room: RoomId | undefined;
  /** Undefined: all. */
  readonly types: ReadonlySet<GatewayEventType> | undefined;
}

export interface OperatorStreamParts {
  readonly grant: Grant;
  readonly filter: StreamFilter;
  readonly sink: OperatorSink;
  /** Bytes that may wait for a reader before it is cut off. */
  readonly maxWaiting: number;
}

/** One connection that hears of events which its grant may see. */
export class OperatorStream {
  readonly grant: Grant;
  readonly #parts: OperatorStreamParts;
  #pending = '';

  constructor(parts: OperatorStreamParts) {
    this.grant = parts.grant;
    this.#parts = parts;
  }

  /** Whether what it begins with is too much for most readers. */
  get isHalfFull(): boolean {
    return this.#pending.length > this.#parts.maxWaiting / 2;
  }

  /** What waits is told, and where it ended: a client that hears nothing more comes back to there. */
  begin(lastId: string): void {
    this.#pending = `retry: ${RETRY_MS}\n\n${this.#pending}id: ${lastId}\n\n`;
  }

  /** Tells in place of what waits that events were missed. */
  reset(): void {
    this.#pending = `event: ${RESET_EVENT}\ndata: {}\n\n`;
  }

  /** Keeps an event until `flush`, when it is one for this stream. `text`: as it is written. */
  push(event: GatewayEvent, text: string): void {
    if (this.#wants(event)) this.#pending += text;
  }

  /** Writes what waits; false: the reader is too slow and was cut off. */
  flush(): boolean {
    const { sink, maxWaiting } = this.#parts;
    if (sink.waiting + this.#pending.length > maxWaiting) {
      sink.destroy();
      return false;
    }
    if (this.#pending !== '') sink.write(this.#pending);
    this.#pending = '';
    return true;
  }

  /** Everything until this event was written. */
  ping(lastId: string): void {
    this.#parts.sink.write(`:\nid: ${lastId}\n\n`);
  }

  end(): void {
    this.#parts.sink.end();
  }

  #wants(event: GatewayEvent): boolean {
    const { room, types } = this.#parts.filter;
    const own = 'room' in event ? event.room : undefined;
    if (types?.has(event.type) === false || (room !== undefined && own !== room)) return false;
    if (own === undefined) return this.grant.room === '*';
    return mayDo(this.grant, 'operate', own, 'source' in event ? event.source : undefined);
  }
}

/** An event as it is written. */
export const eventText = (event: GatewayEvent): string =>
  `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
