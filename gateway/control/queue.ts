import type { Device } from '../protocol/control.ts';
import { freed, granted, mapLeases } from './leases.ts';
import { mayKeep } from './right.ts';
import { without, type ControlState, type Lease, type ViewerKey } from './state.ts';

/** What time ends a lease by. */
export type Deadline = 'slot' | 'idle';

export const withoutWaiting = (state: ControlState, viewer: ViewerKey): ControlState => ({
  ...state,
  queue: state.queue.filter((waiting) => waiting.viewer !== viewer),
});

/** As if the viewer had never come: nothing is kept for it. */
export function forget(state: ControlState, viewer: ViewerKey): ControlState {
  const present = new Map(state.present);
  const absent = new Map(state.absent);
  present.delete(viewer);
  absent.delete(viewer);
  const gone = withoutWaiting(freed(state, viewer), viewer);
  return { ...gone, present, absent, hands: without(gone.hands, viewer) };
}

/** Whether somebody who is there waits for a device. */
export const isWanted = ({ queue, present }: ControlState, device: Device): boolean =>
  queue.some(({ viewer, devices }) => present.has(viewer) && devices.includes(device));

/** Ends what time has ended: graces, denials, and slots and idle leases that others wait for. */
export function withoutOverdue(state: ControlState, nowMs: number): ControlState {
  const { graceMs } = state.policy;
  const gone = [...state.absent].filter(([, { since }]) => since + graceMs <= nowMs);
  const rest = gone.reduce((left, [viewer]) => forget(left, viewer), state);
  const leases = mapLeases(rest, (lease, device) =>
    deadlineOf(rest, device, lease, nowMs) === null ? lease : null,
  );
  const denied = new Map([...rest.denied].filter(([, until]) => until > nowMs));
  return { ...rest, leases, denied };
}

/** When something ends by itself; null: nothing does. */
export function nextEndMs(state: ControlState): number | null {
  const ends = [...state.absent.values()].map(({ since }) => since + state.policy.graceMs);
  mapLeases(state, (lease, device) => {
    ends.push(...endsOf(state, device, lease).map(([, at]) => at));
    return lease;
  });
  return ends.length === 0 ? null : Math.min(...ends);
}

/** By what a lease is over; null: it is not. */
export function deadlineOf(
  state: ControlState,
  device: Device,
  lease: Lease,
  nowMs: number,
): Deadline | null {
  return endsOf(state, device, lease).find(([, at]) => at <= nowMs)?.[0] ?? null;
}

function endsOf(
  state: ControlState,
  device: Device,
  { grantedAt, usedAt }: Lease,
): readonly (readonly [by: Deadline, at: number])[] {
  const { slotMs, idleMs } = state.policy;
  if ((slotMs === null && idleMs === null) || !isWanted(state, device)) return [];
  return [
    ...(slotMs === null ? [] : [['slot', grantedAt + slotMs] as const]),
    ...(idleMs === null ? [] : [['idle', usedAt + idleMs] as const]),
  ];
}

/** Takes control from whoever may not have it any more, and out of the queue. */
export function withoutUnentitled(state: ControlState): ControlState {
  return {
    ...state,
    leases: mapLeases(state, (lease) => (mayKeep(state, lease.holder) ? lease : null)),
    queue: state.queue.filter(({ viewer }) => mayKeep(state, viewer)),
  };
}

/**
 * Gives free devices to who waits; none that somebody before them waits for as well. Whoever lost
 * its socket keeps its place, and is passed.
 */
export function serveQueue(state: ControlState, nowMs: number): ControlState {
  const claimed = new Set<Device>();
  let served = state;
  for (const { viewer, devices } of state.queue) {
    if (!state.present.has(viewer)) continue;
    const free = devices.every((device) => served.leases[device] === null && !claimed.has(device));
    if (free) served = granted(withoutWaiting(served, viewer), viewer, devices, nowMs);
    else for (const device of devices) claimed.add(device);
  }
  return served;
}
