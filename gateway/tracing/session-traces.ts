import type { GatewayEvent } from '../protocol/gateway-event.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { Session } from '../rooms/session.ts';
import type { SessionObserver } from '../rooms/sessions.ts';
import type { Span } from './span.ts';

/** Events that may still be delivered by webhooks; of older ones a delivery is a trace of its own. */
const KEPT_EVENTS = 2_000;

/** Traces what follows an answer: until media flows, and to whom events of the session are delivered. */
export class SessionTraces implements SessionObserver {
  readonly #connecting = new WeakMap<Session, Span>();
  readonly #sessions = new Map<SessionId, Span>();
  readonly #events = new Map<string, Span>();

  opened(session: Session): void {
    const { id, nodeName, arrival } = session;
    const { span } = arrival;
    if (span?.traceId === undefined) return;
    this.#sessions.set(id, span);
    const attributes = { 'pixelcast.session': id, 'pixelcast.node': nodeName };
    this.#connecting.set(session, span.child('connect', { attributes }));
  }

  live(session: Session): void {
    this.#connecting.get(session)?.end();
    this.#connecting.delete(session);
  }

  ended(session: Session, reason: string): void {
    const span = this.#connecting.get(session);
    this.#connecting.delete(session);
    span?.fail(reason);
    span?.end();
  }

  handedOver(session: Session): void {
    this.#connecting.get(session)?.end();
    this.#connecting.delete(session);
    this.#sessions.delete(session.id);
  }

  /** Hears an event of the bus. */
  hear(event: GatewayEvent): void {
    if (!('session' in event)) return;
    const span = this.#sessions.get(event.session);
    if (event.type === 'session.ended') this.#sessions.delete(event.session);
    if (span === undefined) return;
    this.#events.set(event.id, span);
    const [oldest] = this.#events.keys();
    if (oldest !== undefined && this.#events.size > KEPT_EVENTS) this.#events.delete(oldest);
  }

  /** The span of the session that an event tells of; undefined when it has none. */
  of(event: string): Span | undefined {
    return this.#events.get(event);
  }
}
