import { mayDo, type Grant } from '../../auth/grant.ts';
import type { PlayerSteps } from '../../protocol/diary.ts';
import type { RoomId, SessionSecret, SourceId } from '../../protocol/ids.ts';
import type { RoomRecording } from '../../protocol/room-recording.ts';
import type { Transport } from '../../protocol/transport.ts';
import type { PlayerReport, ViewerMessage } from '../../protocol/viewer.ts';
import type { Registry } from '../registry.ts';
import type { Session } from '../session.ts';
import type { Departure } from '../control/control-desk.ts';
import type { Member } from '../control/member.ts';
import { rankOf } from '../control/rank.ts';
import { TOPICS, type Listener, type Topic } from './relay.ts';
import type { Source } from './source.ts';
import type { Sources } from './sources.ts';
import type { ViewerChannel } from './viewer-channel.ts';

/** A report of a player that counts, and how its media comes. */
export type ObserveReport = (report: PlayerReport, transport: Transport) => void;

interface ViewerParts {
  readonly room: RoomId;
  readonly grant: Grant;
  readonly channel: ViewerChannel;
  readonly sources: Sources;
  readonly registry: Registry;
  readonly onReport: ObserveReport;
  readonly onSteps: (steps: PlayerSteps) => void;
  readonly recordingOf: (room: RoomId) => RoomRecording;
  /** Milliseconds of any clock. */
  readonly now: () => number;
}

/** What a socket watches, and whom it is to the others there. */
interface Place {
  readonly source: Source;
  readonly member: Member;
}

type Watching = Extract<ViewerMessage, { type: 'viewer/watching' }>;

/** A viewer's socket: which source it watches, by which session, and what it has not heard yet. */
export class ViewerSeat implements Listener {
  readonly room: RoomId;
  readonly grant: Grant;
  readonly channel: ViewerChannel;
  readonly #parts: ViewerParts;
  readonly #due = new Set<Topic>();
  #source: Source | null = null;
  #session: Session | null = null;
  #member: Member | null = null;
  #held = true;
  #recordingDue = true;
  #recordingTold = '';

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

  /** What it watches, and whom it is to the others there; null before it said so. */
  get place(): Place | null {
    const [source, member] = [this.#source, this.#member];
    return source === null || member === null ? null : { source, member };
  }

  /** What the socket brings, parsed, and when (`performance.now()`). False: it has no place there, before it said what it watches. */
  take(message: ViewerMessage, arrivedAt: number): boolean {
    if (!this.#held) return true;
    if (message.type === 'viewer/watching') {
      this.#watch(message);
      return true;
    }
    const { place } = this;
    if (place === null) return false;
    this.#hear(place, message, arrivedAt);
    return true;
  }

  note(topic: Topic): void {
    this.#due.add(topic);
  }

  /** The room's recording changed. */
  noteRecording(): void {
    this.#recordingDue = true;
  }

  /** Sends what is due, the newest of it, unless the socket is still busy with what came before. */
  flush(): void {
    if (!this.#held || this.#source === null || !this.channel.isClear) return;
    const { relay } = this.#source;
    const due = TOPICS.filter((topic) => this.#due.has(topic));
    this.#due.clear();
    for (const topic of due) {
      const event = relay.newest(topic);
      if (event !== null) this.channel.send(event);
    }
    this.#tellRecording();
  }

  /** The socket is gone, this way. Idempotent. */
  release(departure: Departure): void {
    if (!this.#held) return;
    this.#held = false;
    this.#unwatch(departure);
  }

  #watch({ source: id, session, name, resume }: Watching): void {
    const { room, grant, sources } = this.#parts;
    if (!mayDo(grant, 'watch', room, id)) {
      this.channel.dismiss('forbidden');
      return;
    }
    this.#session = this.#sessionOf(id, session);
    if (this.#source?.place.source === id) {
      if (this.#member !== null) this.#source.control.rename(this.#member, name ?? grant.subject);
      return;
    }
    this.#unwatch('left');
    const source = sources.at({ room, source: id });
    const rank = rankOf(grant, source.place);
    this.#source = source;
    this.#member = source.control.enter(
      { grant, rank, channel: this.channel, name, resume },
      Date.now(),
    );
    source.relay.add(this);
  }

  #hear({ source, member }: Place, message: ViewerMessage, arrivedAt: number): void {
    switch (message.type) {
      case 'viewer/ping':
        this.channel.send({ type: 'viewer/pong', at: message.at });
        if (message.rttMs !== null) source.input.hearRoundTrip(member, message.rttMs);
        break;
      case 'viewer/report':
        this.#report(message.report);
        break;
      case 'viewer/steps':
        this.#parts.onSteps(message);
        break;
      case 'viewer/watching':
      case 'channel/offer':
      case 'channel/closed':
        break;
      case 'input/frame':
      case 'input/seen':
      case 'viewport':
      case 'clipboard/want':
      case 'clipboard/part':
      case 'clipboard/refused':
      case 'host/run':
        source.input.hear(member, message, arrivedAt);
        break;
      default:
        source.control.wish(member, message);
    }
  }

  #tellRecording(): void {
    if (!this.#recordingDue) return;
    this.#recordingDue = false;
    const event = { type: 'room/recording', ...this.#parts.recordingOf(this.room) } as const;
    const text = JSON.stringify(event);
    if (text === this.#recordingTold) return;
    this.#recordingTold = text;
    this.channel.send(event);
  }

  #unwatch(departure: Departure): void {
    const source = this.#source;
    if (source === null) return;
    const member = this.#member;
    this.#source = null;
    this.#member = null;
    this.#due.clear();
    source.relay.delete(this);
    if (member !== null) source.control.leave(member, this.channel, departure);
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
    this.#parts.onReport(report, session.transport);
  }
}
