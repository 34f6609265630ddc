import type { ControlLeases } from '../../gateway/protocol/control.ts';
import { DEVICES } from '../../gateway/protocol/control-terms.ts';
import { InputFrame } from '../../gateway/protocol/input.ts';

type Lease = Pick<ControlLeases, 'leases' | 'holders'>;

const NOBODY: Lease = { leases: { pointer: null, keyboard: null, gamepad: null } };

/** Whose input counts that does not come through the gateway: of who holds the lease, with its epoch. */
export class ControlGate {
  #lease: Lease = NOBODY;

  /** What the gateway tells. */
  lease(lease: Lease): void {
    this.#lease = lease;
  }

  /** The gateway is gone: nobody controls this machine. */
  disconnected(): void {
    this.#lease = NOBODY;
  }

  /** Whether a viewer holds any device. */
  holds(viewer: string | null): boolean {
    return DEVICES.some((device) => this.#isHeldBy(viewer, device));
  }

  /** Whether a frame is of who holds a device in its epoch. */
  admits(viewer: string | null, { epoch }: InputFrame): boolean {
    return DEVICES.some(
      (device) => this.#isHeldBy(viewer, device) && this.#lease.leases[device] === epoch,
    );
  }

  #isHeldBy(viewer: string | null, device: (typeof DEVICES)[number]): boolean {
    const { leases, holders } = this.#lease;
    return viewer !== null && leases[device] !== null && holders?.[device] === viewer;
  }
}

/** A frame as a data channel brings it; null: it is none. */
export function readFrame(text: string): InputFrame | null {
  try {
    return InputFrame.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
