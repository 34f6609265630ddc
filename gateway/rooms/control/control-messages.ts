import { isWanted } from '../../control/queue.ts';
import type { ControlState as Control, Lease } from '../../control/state.ts';
import {
  NAMED_IN_STATE,
  type ControlLeases,
  type ControlState,
  type Device,
  type Holder,
} from '../../protocol/control.ts';
import type { Members } from './members.ts';

/** What everybody hears. `devices`: those of the host; `nowMs` on the clock of the leases. */
export function stateMessage(
  control: Control,
  members: Members,
  devices: readonly Device[],
  nowMs: number,
): ControlState {
  const person = (viewer: string) => {
    const member = members.get(viewer);
    return member === undefined ? [] : [{ viewer: member.viewer, name: member.name }];
  };
  const holder = (device: Device): Holder | null => {
    const lease = control.leases[device];
    const [who] = lease === null ? [] : person(lease.holder);
    if (lease === null || who === undefined) return null;
    return {
      ...who,
      epoch: lease.epoch,
      heldMs: Math.max(0, Math.round(nowMs - lease.grantedAt)),
      leftMs: leftMs(control, device, lease, nowMs),
      absent: lease.absentSince !== null,
    };
  };
  return {
    type: 'control/state',
    devices: [...devices],
    holders: {
      pointer: holder('pointer'),
      keyboard: holder('keyboard'),
      gamepad: holder('gamepad'),
    },
    queue: control.queue
      .slice(0, NAMED_IN_STATE)
      .flatMap(({ viewer, devices: wanted }) =>
        person(viewer).map((who) => ({ ...who, devices: [...wanted] })),
      ),
    queueLength: control.queue.length,
    hands: control.hands.slice(0, NAMED_IN_STATE).flatMap(person),
    handsLength: control.hands.length,
    policy: control.policy,
  };
}

/** What the host hears: nobody holds what an absent one does. */
export function leasesMessage({ leases }: Control, members: Members): ControlLeases {
  const presentAt = (device: Device): Lease | null => {
    const lease = leases[device];
    return lease === null || lease.absentSince !== null ? null : lease;
  };
  const viewerOf = (lease: Lease | null) =>
    lease === null ? null : (members.get(lease.holder)?.viewer ?? null);
  const [pointer, keyboard, gamepad] = [
    presentAt('pointer'),
    presentAt('keyboard'),
    presentAt('gamepad'),
  ];
  return {
    type: 'control/leases',
    leases: {
      pointer: pointer?.epoch ?? null,
      keyboard: keyboard?.epoch ?? null,
      gamepad: gamepad?.epoch ?? null,
    },
    holders: {
      pointer: viewerOf(pointer),
      keyboard: viewerOf(keyboard),
      gamepad: viewerOf(gamepad),
    },
  };
}

/** Until its slot or its grace ends; how long it goes unused nobody knows. */
function leftMs(control: Control, device: Device, lease: Lease, nowMs: number): number | null {
  const { slotMs, graceMs } = control.policy;
  const ends = [
    ...(lease.absentSince === null ? [] : [lease.absentSince + graceMs]),
    ...(slotMs !== null && isWanted(control, device) ? [lease.grantedAt + slotMs] : []),
  ];
  return ends.length === 0 ? null : Math.max(0, Math.round(Math.min(...ends) - nowMs));
}

/** Whether everybody would hear the same of both; the epoch stands for all that is held. */
export const saysTheSame = (a: Control, b: Control): boolean =>
  a.epoch === b.epoch &&
  a.policy === b.policy &&
  sameList(a.hands, b.hands, (hand) => hand) &&
  sameList(a.queue, b.queue, ({ viewer, devices }) => `${viewer} ${devices.join()}`);

function sameList<T>(a: readonly T[], b: readonly T[], text: (item: T) => string): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every((item, index) => text(item) === text(b[index] as T));
}
