import type { ControlPolicy, ControlPolicyChange } from '../../protocol/control.ts';
import type { RoomId, SourceId } from '../../protocol/ids.ts';
import type { SourcePlace } from '../hosts/source-place.ts';
import type { KeptPolicy } from './kept-control.ts';

/** So many sources of a room, and of all rooms, may have a policy of their own. */
const MOST = { ofRoom: 64, inAll: 10_000 };

/**
 * The policies that differ from the one of the settings. None is ever forgotten to make room for
 * another: a room that is locked stays locked while the gateway runs.
 */
export class Policies {
  readonly #usual: ControlPolicy;
  readonly #rooms = new Map<RoomId, Map<SourceId, ControlPolicy>>();
  readonly #onChange: (place: SourcePlace) => void;
  #size = 0;

  constructor(usual: ControlPolicy, onChange: (place: SourcePlace) => void = () => undefined) {
    this.#usual = usual;
    this.#onChange = onChange;
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
    const known = this.#rooms.get(room) ?? new Map<SourceId, ControlPolicy>();
    const before = known.size;
    if (changed(this.#usual, policy) === this.#usual) known.delete(source);
    else known.set(source, policy);
    this.#size += known.size - before;
    if (known.size === 0) this.#rooms.delete(room);
    else this.#rooms.set(room, known);
    this.#onChange({ room, source });
  }

  /** Those of a room that are not the usual one. */
  ofRoom(room: RoomId): readonly KeptPolicy[] {
    return [...(this.#rooms.get(room) ?? [])].map(([source, policy]) => ({ source, policy }));
  }

  /** As another gateway had it. */
  adopt(room: RoomId, { source, policy }: KeptPolicy): void {
    this.keep({ room, source }, policy);
  }

  /** Another gateway has them. */
  forget(room: RoomId): void {
    this.#size -= this.#rooms.get(room)?.size ?? 0;
    this.#rooms.delete(room);
  }
}

/** The policy after a change; the very same one where that changes nothing. */
export function changed(policy: ControlPolicy, change: ControlPolicyChange): ControlPolicy {
  const after = { ...policy, ...change };
  const names = Object.keys(policy) as (keyof ControlPolicy)[];
  return names.every((name) => after[name] === policy[name]) ? policy : after;
}
