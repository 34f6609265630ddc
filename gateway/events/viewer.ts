import type { Transport } from '../protocol/transport.ts';
import type { EventName, ViewerCount } from '../protocol/events.ts';
import type { Listener } from '../rooms/audience.ts';
import type { Audiences } from '../rooms/audiences.ts';
import type { Session } from '../rooms/session.ts';
import type { EventStream } from './event-stream.ts';

/** Who watches or publishes, and the event streams that it asked for. */
export class Viewer implements Listener {
  /** Whoever holds it may ask for event streams; nothing else follows from it (SE-08). */
  readonly id: string;
  readonly session: Session;
  /** What was announced to it. */
  readonly names: readonly EventName[];
  readonly streams = new Set<EventStream>();
  /** The endpoint that the viewer came by, as far as it is known. */
  endpoint: string | undefined;
  /** Is told of its source no more; who publishes it is not told. */
  readonly leave: () => void;

  constructor(given: Pick<Viewer, 'id' | 'session' | 'names'> & { readonly audiences: Audiences }) {
    this.id = given.id;
    this.session = given.session;
    this.names = given.names;
    this.leave =
      given.session.kind === 'watch' ? given.audiences.join(given.session, this) : () => undefined;
  }

  published(transport: Transport, isLive: boolean): void {
    if (transport === 'webrtc') this.tell(isLive ? 'active' : 'inactive', {});
  }

  counted(viewers: number): void {
    this.tell('viewercount', { viewercount: viewers } satisfies ViewerCount);
  }

  tell(name: EventName, data: object): void {
    for (const stream of this.streams) stream.push(name, data);
  }
}
