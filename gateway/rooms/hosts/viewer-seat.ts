import { mayDo, type Grant } from '../../auth/grant.ts';
import type { RoomId, SessionSecret, SourceId } from '../../protocol/ids.ts';
import type { PlayerReport, ViewerMessage } from '../../protocol/viewer.ts';
import type { Registry } from '../registry.ts';
import type { Session } from '../session.ts';
import { TOPICS, type Listener, type Topic } from './relay.ts';
import type { Source } from './source.ts';
import type { Sources } from './sources.ts';
import type { ViewerChannel } from './viewer-channel.ts';

interface ViewerParts {
  readonly room: RoomId;
  readonly grant: Grant;
  readonly channel: ViewerChannel;
  readonly sources: Sources;
  readonly registry: Registry;
  readonly onReport: () => void;
  /** Milliseconds of any clock. */
  readonly now: () => number;
}

/** A viewer's socket: which source it watches, by which session, and what it has not heard yet. */
export class ViewerSeat implements Listener {
  readonly room: RoomId;
  readonly grant: Grant;
  readonly channel: ViewerChannel;
  readonly #parts: ViewerParts;
  readonly #due = new Set<Topic>();
  #source: Source | null = null;
  #session: Session | null = null;
  #held = true;

  constructor(parts: ViewerParts) {
    this.room = parts.room;
    this.grant = parts.grant;
    this.channel = parts.channel;
    this.#parts = parts;
  }

  /** By which it watches, as far as it proved that. */
  get session(): Session | null {
    return this.#session;
  }

  /** What the socket brings, parsed. False: it has no place there, before it said what it watches. */
  take(message: ViewerMessage): boolean {
    if (!this.#held) return true;
    if (message.type === 'viewer/watching') {
      this.#watch(message);
      return true;
    }
    if (this.#source === null) return false;
    if (message.type === 'viewer/report') this.#report(message.report);
    return true;
  }

  note(topic: Topic): void {
    this.#due.add(topic);
  }

  /** Sends what is due, the newest of it, unless the socket is still busy with what came before. */
  flush(): void {
    if (!this.#held || this.#source === null || this.#due.size === 0) return;
    if (!this.channel.isClear) return;
    const { relay } = this.#source;
    const due = TOPICS.filter((topic) => this.#due.has(topic));
    this.#due.clear();
    for (const topic of due) {
      const event = relay.newest(topic);
      if (event !== null) this.channel.send(event);
    }
  }

  /** The socket is gone. Idempotent. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#unwatch();
  }

  #watch({ source: id, session }: { source: SourceId; session: SessionSecret | null }): void {
    const { room, grant, sources } = this.#parts;
    if (!mayDo(grant, 'watch', room, id)) {
      this.channel.dismiss('forbidden');
      return;
    }
    this.#session = this.#sessionOf(id, session);
    if (this.#source?.place.source === id) return;
    this.#unwatch();
    this.#source = sources.at({ room, source: id });
    this.#source.relay.add(this);
  }

  #unwatch(): void {
    const source = this.#source;
    if (source === null) return;
    this.#source = null;
    this.#due.clear();
    source.relay.delete(this);
    this.#parts.sources.settle(source);
  }

  /** Whoever knows its secret; any other session is none. */
  #sessionOf(source: SourceId, secret: SessionSecret | null): Session | null {
    const { registry, room } = this.#parts;
    const session = secret === null ? undefined : registry.bySecret(secret);
    const isIts = session?.kind === 'watch' && session.room === room && session.source === source;
    return isIts ? session : null;
  }

  #report(report: PlayerReport): void {
    const session = this.#session;
    if (session === null || session.ended) return;
    this.#source?.reports.note(session, report, this.#parts.now());
    this.#parts.onReport();
  }
}
