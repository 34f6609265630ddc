import { DEFAULT_CONTROL_POLICY, type ControlPolicy } from './policy.ts';

/** What of a host is controlled: touch and wheel go with the pointer, the clipboard with the keyboard. */
export const DEVICES = ['pointer', 'keyboard', 'gamepad'] as const;
export type Device = (typeof DEVICES)[number];

/** What a viewer may do: watch, ask for control, or decide about it. */
export type Rank = 'watcher' | 'viewer' | 'owner' | 'admin';

/** Names one viewer across its sockets, so that it finds its control again after a blip. */
export type ViewerKey = string;

/** The right to use a device. */
export interface Lease {
  readonly holder: ViewerKey;
  readonly grantedAt: number;
  /** Of the last input that was taken. */
  readonly usedAt: number;
  /** When the socket of the holder was lost; null while it is there. */
  readonly absentSince: number | null;
}

export interface Waiting {
  readonly viewer: ViewerKey;
  readonly devices: readonly Device[];
  readonly since: number;
}

/** All that is known of the control of one host. */
export interface ControlState {
  /** Grows whenever somebody gets, loses or finds again what they hold. */
  readonly epoch: number;
  readonly leases: Readonly<Record<Device, Lease | null>>;
  /** First come, first served. */
  readonly queue: readonly Waiting[];
  readonly present: ReadonlyMap<ViewerKey, Rank>;
  /** In the order in which they were raised. */
  readonly hands: readonly ViewerKey[];
  /** Until when a viewer cannot ask again. */
  readonly denied: ReadonlyMap<ViewerKey, number>;
  readonly policy: ControlPolicy;
}

export function freeControl(policy: ControlPolicy = DEFAULT_CONTROL_POLICY): ControlState {
  return {
    epoch: 0,
    leases: { pointer: null, keyboard: null, gamepad: null },
    queue: [],
    present: new Map(),
    hands: [],
    denied: new Map(),
    policy,
  };
}

export const devicesOf = (state: ControlState, viewer: ViewerKey): readonly Device[] =>
  DEVICES.filter((device) => state.leases[device]?.holder === viewer);

/** Whether an input frame may pass: its sender holds the device now, in this very epoch. */
export function mayUse(
  state: ControlState,
  viewer: ViewerKey,
  device: Device,
  epoch: number,
): boolean {
  const lease = state.leases[device];
  return epoch === state.epoch && lease?.holder === viewer && lease.absentSince === null;
}

/** Decides about others' control. */
export const isOwner = (rank: Rank | undefined): boolean => rank === 'owner' || rank === 'admin';
