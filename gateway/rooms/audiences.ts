import { Audience, type Listener } from './audience.ts';
import type { SourcePlace } from './hosts/source-place.ts';
import type { Registry } from './registry.ts';
import type { Session } from './session.ts';
import type { SessionObserver } from './sessions.ts';

/** The audience of each source: its viewers hear here of publishers and of one another. */
export class Audiences implements SessionObserver {
  readonly #registry: Registry;
  readonly #audiences = new Map<string, Audience>();

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  get size(): number {
    return this.#audiences.size;
  }

  /** Tells of a source from now on, until the result is called. */
  join({ room, source }: SourcePlace, listener: Listener): () => void {
    const key = keyOf({ room, source });
    const audience = this.#audiences.get(key) ?? new Audience(() => this.count({ room, source }));
    this.#audiences.set(key, audience);
    audience.add(listener);
    return () => {
      audience.delete(listener);
      if (audience.isEmpty && this.#audiences.get(key) === audience) this.#audiences.delete(key);
    };
  }

  /** How many watch a source, in all modes. */
  count({ room, source }: SourcePlace): number {
    return this.#registry.room(room)?.viewersOf(source) ?? 0;
  }

  opened(session: Session): void {
    if (session.kind === 'watch') this.#audiences.get(keyOf(session))?.changed();
  }

  live(session: Session): void {
    if (session.kind === 'watch') return;
    this.#audiences.get(keyOf(session))?.published(session.transport, true);
  }

  ended(session: Session): void {
    const audience = this.#audiences.get(keyOf(session));
    if (session.kind === 'watch') audience?.changed();
    else if (wasLive(session) && !this.#isLive(session)) {
      audience?.published(session.transport, false);
    }
  }

  adopted(session: Session): void {
    if (session.kind === 'watch') this.opened(session);
    else if (session.state.kind === 'live') this.live(session);
  }

  handedOver(session: Session): void {
    if (session.kind === 'watch') this.#audiences.get(keyOf(session))?.changed();
  }

  /** A publisher that took its place may be live. */
  #isLive({ room, source, transport }: Session): boolean {
    return this.#registry.room(room)?.isLive(source, transport) === true;
  }
}

const keyOf = ({ room, source }: SourcePlace): string => `${room}/${source}`;

const wasLive = ({ state }: Session): boolean => state.kind === 'ended' && state.liveAt !== null;
