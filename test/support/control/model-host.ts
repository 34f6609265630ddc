import type { ControlLeases, Device } from '../../../gateway/protocol/control.ts';
import { DEVICES } from '../../../gateway/protocol/control-terms.ts';

/** A host as far as control goes: what is held down on each device, by whom, in which epoch. */
export class ModelHost {
  readonly held = new Map<Device, { readonly by: string; readonly epoch: number }>();
  #leases: ControlLeases['leases'] = { pointer: null, keyboard: null, gamepad: null };

  /** Lets go of whatever changed. */
  hear({ leases }: ControlLeases): void {
    for (const device of DEVICES) {
      if (leases[device] !== this.#leases[device]) this.held.delete(device);
    }
    this.#leases = leases;
  }

  /** Something is pressed, as far as it is of this device's epoch. False: it is stale. */
  press(device: Device, by: string, epoch: number): boolean {
    if (this.#leases[device] !== epoch) return false;
    this.held.set(device, { by, epoch });
    return true;
  }
}
