import type { Device } from '../protocol/control.ts';
import { DEVICES } from '../protocol/control-terms.ts';
import type { ControlState, Lease, ViewerKey } from './state.ts';

type Leases = ControlState['leases'];

/** Each lease that there is, changed; `null` frees its device. */
export function mapLeases(
  { leases }: ControlState,
  change: (lease: Lease, device: Device) => Lease | null,
): Leases {
  const changed = (device: Device): Lease | null => {
    const lease = leases[device];
    return lease === null ? null : change(lease, device);
  };
  return {
    pointer: changed('pointer'),
    keyboard: changed('keyboard'),
    gamepad: changed('gamepad'),
  };
}

/** The state in which a viewer holds nothing. */
export const freed = (state: ControlState, viewer: ViewerKey): ControlState => ({
  ...state,
  leases: mapLeases(state, (lease) => (lease.holder === viewer ? null : lease)),
});

/** The state in which a viewer holds these devices, whoever had them; its hand goes down. */
export function granted(
  state: ControlState,
  holder: ViewerKey,
  devices: readonly Device[],
  nowMs: number,
): ControlState {
  const lease: Lease = {
    holder,
    epoch: state.epoch,
    grantedAt: nowMs,
    usedAt: nowMs,
    absentSince: null,
  };
  const given = (device: Device): Lease | null => {
    const old = state.leases[device];
    return devices.includes(device) && old?.holder !== holder ? lease : old;
  };
  const leases = {
    pointer: given('pointer'),
    keyboard: given('keyboard'),
    gamepad: given('gamepad'),
  };
  return { ...state, leases, hands: state.hands.filter((viewer) => viewer !== holder) };
}

/** Whether what is held by a device must be released: another holder, none, another lease or socket of it. */
export function changedHands(before: ControlState, after: ControlState, device: Device): boolean {
  const [old, now] = [before.leases[device], after.leases[device]];
  return (
    old?.holder !== now?.holder ||
    old?.absentSince !== now?.absentSince ||
    old?.grantedAt !== now?.grantedAt ||
    old?.epoch !== now?.epoch
  );
}

/** The devices that a wish means: all of them in a room that does not split them. */
export const wantedOf = (
  { policy }: ControlState,
  devices: readonly Device[],
): readonly Device[] =>
  policy.split ? DEVICES.filter((device) => devices.includes(device)) : DEVICES;
