import type { SourceView } from '../protocol/api.ts';
import type { RoomId, SourceId } from '../protocol/ids.ts';
import type { Session } from './session.ts';

/** One shared event: the sessions of its sources. Exists while it has any. */
export class Room {
  readonly id: RoomId;
  /** A source may be claimed anew while its old session still ends: the newest stands here. */
  readonly #publishers = new Map<SourceId, Session>();
  readonly #viewers = new Set<Session>();

  constructor(id: RoomId) {
    this.id = id;
  }

  get isEmpty(): boolean {
    return this.#publishers.size === 0 && this.#viewers.size === 0;
  }

  /** Publishers and viewers. */
  get size(): number {
    return this.#publishers.size + this.#viewers.size;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  add(session: Session): void {
    if (session.kind === 'publish') this.#publishers.set(session.source, session);
    else this.#viewers.add(session);
  }

  delete(session: Session): void {
    if (session.kind === 'watch') this.#viewers.delete(session);
    else if (this.publisherOf(session.source) === session) this.#publishers.delete(session.source);
  }

  /** The one publish session of a source, from its offer on. */
  publisherOf(source: SourceId): Session | undefined {
    return this.#publishers.get(source);
  }

  /** Whether media of a source flows. */
  isLive(source: SourceId): boolean {
    return this.publisherOf(source)?.state.kind === 'live';
  }

  /** Its sources, by name. */
  toView(): SourceView[] {
    const viewers = new Map<SourceId, number>();
    for (const source of this.#publishers.keys()) viewers.set(source, 0);
    for (const { source } of this.#viewers) viewers.set(source, (viewers.get(source) ?? 0) + 1);
    const sources = [...viewers].sort(([a], [b]) => a.localeCompare(b));
    return sources.map(([name, count]) => this.#sourceView(name, count));
  }

  #sourceView(source: SourceId, viewers: number): SourceView {
    const publisher = this.publisherOf(source);
    const state = publisher?.state;
    return {
      source,
      live: state?.kind === 'live',
      viewers,
      video: publisher?.media?.video ?? null,
      audio: publisher?.media?.audio ?? null,
      sinceMs: state?.kind === 'live' ? state.liveAt : null,
    };
  }
}
