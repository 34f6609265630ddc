import type { Grant } from '../../auth/grant.ts';
import type { ControlPolicy, Device, Rank, ViewerId } from '../../protocol/control.ts';
import { DEVICES } from '../../protocol/control-terms.ts';
import { isOwner, type ControlState, type Lease, type ViewerKey } from '../../control/state.ts';
import type { SourceId } from '../../protocol/ids.ts';
import type { Member } from './member.ts';

/**
 * What another gateway must know of the control of a source to go on with it. Of viewers only those
 * are in it who hold, wait, raised a hand, were denied or decide; any other may come as somebody new.
 */
export interface KeptControl {
  readonly source: SourceId;
  /** Above that of every frame and lease that there was. */
  readonly epoch: number;
  /** When this was so, epoch milliseconds. */
  readonly at: number;
  readonly people: readonly KeptMember[];
  readonly leases: Readonly<Record<Device, KeptLease | null>>;
  readonly queue: readonly {
    readonly viewer: ViewerId;
    readonly devices: readonly Device[];
    readonly waitedMs: number;
  }[];
  readonly hands: readonly ViewerId[];
  readonly denied: readonly { readonly viewer: ViewerId; readonly leftMs: number }[];
}

export interface KeptMember {
  readonly viewer: ViewerId;
  readonly resume: string;
  readonly name: string;
  readonly since: number;
  readonly grant: Grant;
  readonly rank: Rank;
}

export interface KeptLease {
  readonly holder: ViewerId;
  readonly heldMs: number;
}

/** The policy of a source that is not the usual one. */
export interface KeptPolicy {
  readonly source: SourceId;
  readonly policy: ControlPolicy;
}

/** Owners that are remembered for a source; they decide, and others may hold by their being there. */
const MOST_OWNERS = 20;

/** Viewers, by their names too. */
interface People extends Iterable<Member> {
  get(viewer: ViewerKey): Member | undefined;
}

/** Null where there is nothing worth keeping. Leases are on a clock of which `nowMs` is now. */
export function keptControl(
  source: SourceId,
  state: ControlState,
  members: People,
  { nowMs, at }: { readonly nowMs: number; readonly at: number },
): KeptControl | null {
  const lease = (device: Device): KeptLease | null => {
    const held = state.leases[device];
    const holder = held === null ? undefined : members.get(held.holder)?.viewer;
    return held === null || holder === undefined
      ? null
      : { holder, heldMs: Math.max(0, nowMs - held.grantedAt) };
  };
  const owners = [...members].filter(({ rank }) => isOwner(rank)).slice(0, MOST_OWNERS);
  const known = new Set<string>([
    ...owners.map(({ viewer }) => viewer),
    ...DEVICES.flatMap((device) => state.leases[device]?.holder ?? []),
    ...state.queue.map(({ viewer }) => viewer),
    ...state.hands,
    ...state.denied.keys(),
  ]);
  const people = [...members].filter(({ viewer }) => known.has(viewer));
  if (people.length === 0) return null;
  const idOf = (viewer: string): ViewerId[] => {
    const member = members.get(viewer);
    return member === undefined ? [] : [member.viewer];
  };
  return {
    source,
    epoch: state.epoch,
    at,
    people: people.map(({ viewer, resume, name, since, grant, rank }) => ({
      ...{ viewer, resume, name, since, grant, rank },
    })),
    leases: {
      pointer: lease('pointer'),
      keyboard: lease('keyboard'),
      gamepad: lease('gamepad'),
    },
    queue: state.queue.flatMap(({ viewer, devices, since }) =>
      idOf(viewer).map((id) => ({ viewer: id, devices, waitedMs: Math.max(0, nowMs - since) })),
    ),
    hands: state.hands.flatMap(idOf),
    denied: [...state.denied].flatMap(([viewer, until]) =>
      idOf(viewer).map((id) => ({ viewer: id, leftMs: Math.max(0, until - nowMs) })),
    ),
  };
}

/**
 * The state at the gateway that goes on with it: everybody is away and has the grace of the policy to come
 * back, from now on. Nobody has lost anything; `epoch` is above all that were.
 */
export function adoptedState(
  kept: KeptControl,
  given: {
    readonly policy: ControlPolicy;
    readonly epoch: number;
    readonly nowMs: number;
    readonly at: number;
  },
): ControlState {
  const { policy, epoch, nowMs } = given;
  const age = Math.max(0, given.at - kept.at);
  const lease = (device: Device): Lease | null => {
    const held = kept.leases[device];
    if (held === null) return null;
    const grantedAt = nowMs - held.heldMs - age;
    return { holder: held.holder, epoch, grantedAt, usedAt: nowMs, absentSince: nowMs };
  };
  return {
    epoch,
    policy,
    leases: {
      pointer: lease('pointer'),
      keyboard: lease('keyboard'),
      gamepad: lease('gamepad'),
    },
    queue: kept.queue.map(({ viewer, devices, waitedMs }) => ({
      ...{ viewer, devices, since: nowMs - waitedMs - age },
    })),
    present: new Map(),
    absent: new Map(kept.people.map(({ viewer, rank }) => [viewer, { rank, since: nowMs }])),
    hands: kept.hands,
    denied: new Map(kept.denied.map(({ viewer, leftMs }) => [viewer, nowMs + leftMs - age])),
  };
}
