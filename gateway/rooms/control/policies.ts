import type { ControlPolicy, ControlPolicyChange } from '../../protocol/control.ts';
import type { RoomId } from '../../protocol/ids.ts';
import type { SourcePlace } from '../hosts/source-place.ts';

/** So many sources of a room, and of all rooms, may have a policy of their own. */
const MOST = { ofRoom: 64, inAll: 10_000 };

/**
 * The policies that differ from the one of the settings. None is ever forgotten to make room for
 * another: a room that is locked stays locked while the gateway runs.
 */
export class Policies {
  readonly #usual: ControlPolicy;
  readonly #rooms = new Map<string, Map<string, ControlPolicy>>();
  #size = 0;

  constructor(usual: ControlPolicy) {
    this.#usual = usual;
  }

  get size(): number {
    return this.#size;
  }

  of({ room, source }: SourcePlace): ControlPolicy {
    return this.#rooms.get(room)?.get(source) ?? this.#usual;
  }

  /** Whether a source of the room has a policy of its own. */
  hasRoom(room: RoomId): boolean {
    return this.#rooms.has(room);
  }

  hasRoomFor({ room, source }: SourcePlace): boolean {
    const known = this.#rooms.get(room);
    if (known?.has(source) === true) return true;
    return (known?.size ?? 0) < MOST.ofRoom && this.#size < MOST.inAll;
  }

  keep({ room, source }: SourcePlace, policy: ControlPolicy): void {
    const known = this.#rooms.get(room) ?? new Map<string, ControlPolicy>();
    const before = known.size;
    if (changed(this.#usual, policy) === this.#usual) known.delete(source);
    else known.set(source, policy);
    this.#size += known.size - before;
    if (known.size === 0) this.#rooms.delete(room);
    else this.#rooms.set(room, known);
  }
}

/** The policy after a change; the very same one where that changes nothing. */
export function changed(policy: ControlPolicy, change: ControlPolicyChange): ControlPolicy {
  const after = { ...policy, ...change };
  const names = Object.keys(policy) as (keyof ControlPolicy)[];
  return names.every((name) => after[name] === policy[name]) ? policy : after;
}
