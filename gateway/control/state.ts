import type { ControlPolicy, Device, Rank } from '../protocol/control.ts';
import { DEVICES } from '../protocol/control-terms.ts';
import { DEFAULT_CONTROL_POLICY } from './policy.ts';

/** Names one viewer across its sockets, so that it finds its control again after a blip. */
export type ViewerKey = string;

/** The right to use a device. */
export interface Lease {
  readonly holder: ViewerKey;
  /** That of the state when its holder got it, lost its socket or came back. */
  readonly epoch: number;
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

/** A viewer whose socket was lost; within its grace it may come back as if it had never gone. */
export interface Absence {
  readonly rank: Rank;
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
  /** Whoever is in here is not in `present`. */
  readonly absent: ReadonlyMap<ViewerKey, Absence>;
  /** In the order in which they were raised. */
  readonly hands: readonly ViewerKey[];
  /** Until when a viewer cannot ask again. */
  readonly denied: ReadonlyMap<ViewerKey, number>;
  readonly policy: ControlPolicy;
}

/** Control that nobody has. `epoch`: more than any that a host has heard from a gateway before. */
export function freeControl(
  policy: ControlPolicy = DEFAULT_CONTROL_POLICY,
  epoch = 0,
): ControlState {
  return {
    epoch,
    leases: { pointer: null, keyboard: null, gamepad: null },
    queue: [],
    present: new Map(),
    absent: new Map(),
    hands: [],
    denied: new Map(),
    policy,
  };
}

/** Also of a viewer whose socket is lost. */
export const rankOf = (state: ControlState, viewer: ViewerKey): Rank | undefined =>
  state.present.get(viewer) ?? state.absent.get(viewer)?.rank;

export const devicesOf = (state: ControlState, viewer: ViewerKey): readonly Device[] =>
  DEVICES.filter((device) => state.leases[device]?.holder === viewer);

/** Whether input may pass: its sender holds the device now, in the very epoch of its lease. */
export function mayUse(
  state: ControlState,
  viewer: ViewerKey,
  device: Device,
  epoch: number,
): boolean {
  const lease = state.leases[device];
  return lease?.holder === viewer && lease.epoch === epoch && lease.absentSince === null;
}

/** Decides about others' control. */
export const isOwner = (rank: Rank | undefined): boolean => rank === 'owner' || rank === 'admin';

export const without = (viewers: readonly ViewerKey[], viewer: ViewerKey): readonly ViewerKey[] =>
  viewers.filter((other) => other !== viewer);
