import type { SourceView } from '../protocol/api/rooms.ts';
import { Transport } from '../protocol/transport.ts';
import type { RoomId, SourceId } from '../protocol/ids.ts';
import type { Session } from './session.ts';

/** One shared event: the sessions of its sources. Exists while it has any. */
export class Room {
  readonly id: RoomId;
  /** A source may be claimed anew while its old session still ends: the newest stands here. */
  readonly #publishers = new Map<SourceId, Map<Transport, Session>>();
  readonly #viewers = new Map<SourceId, Set<Session>>();
  #viewerCount = 0;

  constructor(id: RoomId) {
    this.id = id;
  }

  get isEmpty(): boolean {
    return this.#publishers.size === 0 && this.#viewers.size === 0;
  }

  /** Publishers and viewers. */
  get size(): number {
    let size = this.#viewerCount;
    for (const publishers of this.#publishers.values()) size += publishers.size;
    return size;
  }

  get viewers(): number {
    return this.#viewerCount;
  }

  add(session: Session): void {
    const { kind, source, transport } = session;
    if (kind === 'publish') {
      const publishers = this.#publishers.get(source) ?? new Map<Transport, Session>();
      this.#publishers.set(source, publishers.set(transport, session));
      return;
    }
    this.#viewers.set(source, (this.#viewers.get(source) ?? new Set()).add(session));
    this.#viewerCount += 1;
  }

  delete(session: Session): void {
    const { kind, source, transport } = session;
    if (kind === 'publish') {
      if (this.publisherOf(source, transport) !== session) return;
      const publishers = this.#publishers.get(source);
      publishers?.delete(transport);
      if (publishers?.size === 0) this.#publishers.delete(source);
      return;
    }
    const viewers = this.#viewers.get(source);
    if (viewers?.delete(session) !== true) return;
    this.#viewerCount -= 1;
    if (viewers.size === 0) this.#viewers.delete(source);
  }

  /** The one publish session of a source in a mode, from its offer on. */
  publisherOf(source: SourceId, transport: Transport): Session | undefined {
    return this.#publishers.get(source)?.get(transport);
  }

  /** The publish sessions of a source, of one subject, at most one for each mode. */
  publishersOf(source: SourceId): readonly Session[] {
    return [...(this.#publishers.get(source)?.values() ?? [])];
  }

  /** All of them, in the order in which they began. */
  sessions(): readonly Session[] {
    const publishers = [...this.#publishers.values()].flatMap((each) => [...each.values()]);
    const viewers = [...this.#viewers.values()].flatMap((each) => [...each]);
    return [...publishers, ...viewers].sort((a, b) => a.ordinal - b.ordinal);
  }

  /** Those who watch a source, in all modes. */
  viewerSessions(source: SourceId): ReadonlySet<Session> {
    return this.#viewers.get(source) ?? NOBODY;
  }

  /** Sessions that watch a source, in all modes. */
  viewersOf(source: SourceId): number {
    return this.viewerSessions(source).size;
  }

  /** Whether media of a source flows in a mode. */
  isLive(source: SourceId, transport: Transport): boolean {
    return this.publisherOf(source, transport)?.state.kind === 'live';
  }

  /** The modes in which media of a source flows. */
  transportsOf(source: SourceId): readonly Transport[] {
    return Transport.options.filter((transport) => this.isLive(source, transport));
  }

  /** Its sources, by name. */
  toView(): SourceView[] {
    const sources = new Set([...this.#publishers.keys(), ...this.#viewers.keys()]);
    return [...sources]
      .sort((a, b) => a.localeCompare(b))
      .map((source) => this.#sourceView(source));
  }

  #sourceView(source: SourceId): SourceView {
    const media = this.publisherOf(source, 'webrtc')?.media;
    const transports = this.transportsOf(source);
    const since = this.publishersOf(source).flatMap(({ state }) =>
      state.kind === 'live' ? [state.liveAt] : [],
    );
    return {
      source,
      live: transports.length > 0,
      transports: [...transports],
      viewers: this.viewersOf(source),
      video: media?.video ?? null,
      audio: media?.audio ?? null,
      sinceMs: since.length === 0 ? null : Math.min(...since),
    };
  }
}

const NOBODY: ReadonlySet<Session> = new Set();
