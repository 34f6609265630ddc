import type { RoomView, SourceView } from '../protocol/api.ts';
import type { RoomId, SourceId } from '../protocol/ids.ts';
import type { Session } from './session.ts';

/** One shared event: the sessions of its sources. Exists while it has any. */
export class Room {
  readonly id: RoomId;
  readonly #sessions = new Set<Session>();

  constructor(id: RoomId) {
    this.id = id;
  }

  get isEmpty(): boolean {
    return this.#sessions.size === 0;
  }

  get viewers(): number {
    return this.#count((session) => session.kind === 'watch');
  }

  add(session: Session): void {
    this.#sessions.add(session);
  }

  delete(session: Session): void {
    this.#sessions.delete(session);
  }

  /** The one publish session of a source, from its offer on. */
  publisherOf(source: SourceId): Session | undefined {
    for (const session of this.#sessions) {
      if (session.kind === 'publish' && session.source === source) return session;
    }
    return undefined;
  }

  toView(): RoomView {
    const names = new Set([...this.#sessions].map((session) => session.source));
    return { room: this.id, sources: [...names].sort().map((name) => this.#sourceView(name)) };
  }

  #sourceView(source: SourceId): SourceView {
    const publisher = this.publisherOf(source);
    const state = publisher?.state;
    return {
      source,
      live: state?.kind === 'live',
      viewers: this.#count((session) => session.kind === 'watch' && session.source === source),
      video: publisher?.media?.video ?? null,
      audio: publisher?.media?.audio ?? null,
      sinceMs: state?.kind === 'live' ? state.liveAt : null,
    };
  }

  #count(matches: (session: Session) => boolean): number {
    let count = 0;
    for (const session of this.#sessions) if (matches(session)) count += 1;
    return count;
  }
}
