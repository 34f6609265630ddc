import type { EventName } from '../protocol/events.ts';
import type { Session } from '../rooms/session.ts';
import type { Audience, Listener } from './audience.ts';
import type { EventStream } from './event-stream.ts';

/** A watch session and the event streams that it asked for. */
export class Viewer implements Listener {
  /** Whoever holds it may ask for event streams; nothing else follows from it (SE-08). */
  readonly id: string;
  readonly session: Session;
  readonly audience: Audience;
  /** What was announced to it. */
  readonly names: readonly EventName[];
  readonly streams = new Set<EventStream>();
  /** The endpoint that the viewer came by, as far as it is known. */
  endpoint: string | undefined;

  constructor(given: Pick<Viewer, 'id' | 'session' | 'audience' | 'names'>) {
    this.id = given.id;
    this.session = given.session;
    this.audience = given.audience;
    this.names = given.names;
  }

  tell(name: EventName, data: object): void {
    for (const stream of this.streams) stream.push(name, data);
  }
}
