import type { RoomId, SessionId, SourceId } from '../protocol/ids.ts';
import type { Policies } from '../rooms/control/policies.ts';
import type { Sources } from '../rooms/hosts/sources.ts';
import { keptOf, type Announced } from '../rooms/kept-session.ts';
import type { Registry } from '../rooms/registry.ts';
import type { Session } from '../rooms/session.ts';
import { controlField, policyField, sessionField, type KeptField } from './kept-names.ts';

export interface RoomFieldsParts {
  readonly registry: Registry;
  readonly sources: Sources;
  readonly policies: Policies;
  /** Capabilities that were announced beside a session. */
  readonly announcedOf: (session: Session) => Announced;
}

/** What a room has here, as the fields that another gateway would go on with. */
export class RoomFields {
  readonly #parts: RoomFieldsParts;

  constructor(parts: RoomFieldsParts) {
    this.#parts = parts;
  }

  /** All fields that there are now. */
  of(room: RoomId): readonly KeptField[] {
    const { registry, sources, policies } = this.#parts;
    return [
      ...(registry.room(room)?.sessions() ?? []).map(({ id }) => sessionField(id)),
      ...sources.ofRoom(room).map(({ place }) => controlField(place.source)),
      ...policies.ofRoom(room).map(({ source }) => policyField(source)),
    ];
  }

  /** One as text; empty when there is nothing to go on with. */
  read(room: RoomId, field: KeptField): string {
    const kept = this.#read(room, field.slice(0, 1), field.slice(2));
    return kept == null ? '' : JSON.stringify(kept);
  }

  #read(room: RoomId, kind: string, name: string): object | null | undefined {
    const { registry, sources, policies, announcedOf } = this.#parts;
    switch (kind) {
      case 's': {
        const session = registry.byId(name as SessionId);
        return session === undefined ? null : keptOf(session, announcedOf(session));
      }
      case 'c':
        return sources.find({ room, source: name as SourceId })?.control.kept();
      default:
        return policies.ofRoom(room).find(({ source }) => source === (name as SourceId));
    }
  }
}
