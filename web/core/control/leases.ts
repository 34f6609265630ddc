import type { ControlState, Device } from '../../../gateway/protocol/control.ts';
import { DEVICES } from '../../../gateway/protocol/control-terms.ts';

/** The epoch in which this page holds each device; null: it does not. */
export type Leases = Readonly<Record<Device, number | null>>;

export const NO_LEASES: Leases = { pointer: null, keyboard: null, gamepad: null };

/** What `viewer` holds of a host that is there. */
export function leasesOf(state: ControlState | null, viewer: string | undefined): Leases {
  const epochOf = (device: Device): number | null => {
    const holder = state?.holders[device] ?? null;
    const isMine = holder !== null && holder.viewer === viewer && !holder.absent;
    return isMine && state?.devices.includes(device) === true ? holder.epoch : null;
  };
  const leases = {
    pointer: epochOf('pointer'),
    keyboard: epochOf('keyboard'),
    gamepad: epochOf('gamepad'),
  };
  return DEVICES.every((device) => leases[device] === null) ? NO_LEASES : leases;
}

export const areSame = (a: Leases, b: Leases): boolean =>
  DEVICES.every((device) => a[device] === b[device]);
