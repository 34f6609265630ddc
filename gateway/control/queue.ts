import type { Device } from '../protocol/control.ts';
import { freed, granted, mapLeases } from './leases.ts';
import { mayHold } from './right.ts';
import type { ControlState, Lease, ViewerKey } from './state.ts';

export const withoutWaiting = (state: ControlState, viewer: ViewerKey): ControlState => ({
  ...state,
  queue: state.queue.filter((waiting) => waiting.viewer !== viewer),
});

/** Whether somebody waits for a device. */
const isWanted = ({ queue }: ControlState, device: Device): boolean =>
  queue.some(({ devices }) => devices.includes(device));

/** Ends what time has ended: the grace of an absent holder, and slots and idle leases that others wait for. */
export function withoutOverdue(state: ControlState, nowMs: number): ControlState {
  const leases = mapLeases(state, (lease, device) => {
    const endsAt = endOf(state, device, lease);
    return endsAt !== null && endsAt <= nowMs ? null : lease;
  });
  return { ...state, leases };
}

/** When the next lease ends by itself; null: none does. */
export function nextEndMs(state: ControlState): number | null {
  let next: number | null = null;
  mapLeases(state, (lease, device) => {
    const end = endOf(state, device, lease);
    if (end !== null) next = Math.min(next ?? end, end);
    return lease;
  });
  return next;
}

function endOf(state: ControlState, device: Device, lease: Lease): number | null {
  const { graceMs, slotMs, idleMs } = state.policy;
  const wanted = isWanted(state, device);
  const ends = [
    lease.absentSince === null ? null : lease.absentSince + graceMs,
    wanted && slotMs !== null ? lease.grantedAt + slotMs : null,
    wanted && idleMs !== null ? lease.usedAt + idleMs : null,
  ].filter((end) => end !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}

/** Takes control from whoever may not hold it any more, and out of the queue. */
export function withoutUnentitled(state: ControlState): ControlState {
  const holders = new Set<ViewerKey>();
  mapLeases(state, (lease) => {
    // An absent holder has its grace.
    if (lease.absentSince === null) holders.add(lease.holder);
    return lease;
  });
  const kept = { ...state, queue: state.queue.filter(({ viewer }) => mayHold(state, viewer)) };
  return [...holders]
    .filter((viewer) => !mayHold(state, viewer))
    .reduce<ControlState>((rest, viewer) => freed(rest, viewer), kept);
}

/** Gives free devices to who waits; none that somebody before them waits for as well. */
export function serveQueue(state: ControlState, nowMs: number): ControlState {
  const claimed = new Set<Device>();
  let served = state;
  for (const { viewer, devices } of state.queue) {
    const free = devices.every((device) => served.leases[device] === null && !claimed.has(device));
    if (free) served = granted(withoutWaiting(served, viewer), viewer, devices, nowMs);
    else for (const device of devices) claimed.add(device);
  }
  return served;
}
