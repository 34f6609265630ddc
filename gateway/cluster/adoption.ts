import type { RoomId } from '../protocol/ids.ts';
import type { MediaNode } from '../media/node.ts';
import type { Logger } from '../observability/logger.ts';
import type { Policies } from '../rooms/control/policies.ts';
import type { SourcePlace } from '../rooms/hosts/source-place.ts';
import type { Sources } from '../rooms/hosts/sources.ts';
import type { KeptSession } from '../rooms/kept-session.ts';
import type { NodePlace, Session } from '../rooms/session.ts';
import type { SessionObserver, Sessions } from '../rooms/sessions.ts';
import type { HomeObserver } from './homes.ts';
import { controlField, policyField, sessionField } from './kept-names.ts';
import type { KeptRooms } from './kept-rooms.ts';
import { readRoom } from './kept-wire.ts';
import type { RoomFields } from './room-fields.ts';
import type { RoomEpochs } from './room-epochs.ts';

/** Who has what does not go on elsewhere: sockets, which are told to come again, and recordings. */
export interface RoomSockets {
  handOver(room: RoomId): void;
}

export interface AdoptionParts {
  readonly kept: KeptRooms;
  readonly fields: RoomFields;
  readonly places: { settle(place: NodePlace): void; leave(place: NodePlace): void };
  readonly epochs: RoomEpochs;
  readonly sessions: Sessions;
  readonly sources: Sources;
  readonly policies: Policies;
  readonly sockets: readonly RoomSockets[];
  /** By the run that the session began in, else by name; undefined: it is not known here, or was restarted. */
  readonly nodeOf: (place: NodePlace, name: string) => MediaNode | undefined;
  /** Every node was asked once who it is. */
  readonly nodesAsked: () => Promise<void>;
  readonly log: Logger;
}

/** Goes on with rooms that were at home at another gateway, and lets go of those that are now. */
export class Adoption implements HomeObserver, SessionObserver {
  readonly #parts: AdoptionParts;
  readonly #offered = new WeakMap<Session, Promise<void>>();

  constructor(parts: AdoptionParts) {
    this.#parts = parts;
  }

  /** Sessions, policies and control as the gateway before had them. */
  async gained(room: RoomId, term: number, had: readonly string[]): Promise<void> {
    const { epochs, policies, sources, kept, log } = this.#parts;
    epochs.begin(room, term);
    await this.#parts.nodesAsked();
    const found = readRoom(had);
    for (const policy of found.policies) policies.adopt(room, policy);
    for (const control of found.controls) {
      const source = sources.at({ room, source: control.source });
      source.control.adopt(control);
      sources.settle(source);
    }
    // Publishers first, so that their viewers find them.
    const publishers = found.sessions.filter(({ kind }) => kind === 'publish');
    const viewers = found.sessions.filter(({ kind }) => kind === 'watch');
    const adopted = [...publishers, ...viewers].filter((session) => this.#adopt(session));
    if (found.sessions.length + found.controls.length === 0) return;
    const { length: sessions } = adopted;
    const { unread } = found;
    const lost = found.sessions.length - sessions;
    log.info({ room, term, sessions, lost, unread: unread.length }, 'room adopted');
    for (const session of found.sessions) kept.note(room, sessionField(session.id));
  }

  /** What still happens here in the room is of no account. */
  lost(room: RoomId): void {
    const { kept, epochs, policies, sources, sessions, sockets } = this.#parts;
    kept.forget(room);
    epochs.forget(room);
    sources.handOver(room);
    policies.forget(room);
    sessions.handOver(room);
    for (const each of sockets) each.handOver(room);
  }

  rewrite(rooms: readonly RoomId[]): void {
    const { fields, kept } = this.#parts;
    for (const room of rooms) for (const field of fields.of(room)) kept.note(room, field);
  }

  /**
   * The node of an offer knows its session: it is written down as what was offered, while the node
   * makes its answer. Who comes again without an answer replaces it.
   */
  offered(session: Session): void {
    const written = this.#parts.kept.keep(session.room, sessionField(session.id));
    written.catch(() => undefined);
    this.#offered.set(session, written);
  }

  /**
   * Resolves when the session would outlive this gateway; what was announced beside its answer follows
   * within a moment. @throws GatewayError
   */
  async keep(session: Session): Promise<void> {
    this.#parts.kept.noteNow(session.room, sessionField(session.id));
    await this.#offered.get(session);
  }

  /** What another gateway must know of a session is otherwise. */
  changed({ room, id }: Session): void {
    this.#parts.kept.note(room, sessionField(id));
  }

  controlChanged({ room, source }: SourcePlace): void {
    this.#parts.kept.note(room, controlField(source));
  }

  policyChanged({ room, source }: SourcePlace): void {
    this.#parts.kept.note(room, policyField(source));
  }

  opened(): void {
    // `keep` follows
  }

  live(session: Session): void {
    if (session.node !== null) this.changed(session);
  }

  ended(session: Session): void {
    if (session.node === null) return;
    this.changed(session);
    if (session.place !== null) this.#parts.places.leave(session.place);
  }

  #adopt(kept: KeptSession): boolean {
    const { sessions, places, nodeOf } = this.#parts;
    const node = nodeOf(kept.place, kept.node);
    if (node !== undefined && sessions.adopt(kept, node)) {
      places.settle(kept.place);
      return true;
    }
    places.leave(kept.place);
    return false;
  }
}
