import type { Device } from '../protocol/control.ts';
import type { LeaseBegin, LeaseEnd } from '../protocol/control-record.ts';
import { DEVICES } from '../protocol/control-terms.ts';
import type { ControlCommand } from './command.ts';
import { deadlineOf } from './queue.ts';
import type { ControlState, Lease, ViewerKey } from './state.ts';

/** Somebody got devices, or lost them. */
export type Transition =
  | {
      readonly type: 'began';
      readonly viewer: ViewerKey;
      readonly devices: readonly Device[];
      readonly how: LeaseBegin;
    }
  | {
      readonly type: 'ended';
      readonly viewer: ViewerKey;
      readonly devices: readonly Device[];
      readonly why: LeaseEnd;
    };

/** A step of the arbiter; where time ends something it is a `tick`. */
export interface ArbiterStep {
  readonly before: ControlState;
  readonly command: ControlCommand;
  readonly after: ControlState;
  readonly nowMs: number;
}

/** Who lost what in a step and why, then who got what and how. */
export function transitions(step: ArbiterStep): readonly Transition[] {
  const { before, after } = step;
  const moved = DEVICES.filter(
    (device) => before.leases[device]?.holder !== after.leases[device]?.holder,
  );
  const all: Transition[] = [];
  for (const device of moved) {
    const lease = before.leases[device];
    if (lease === null) continue;
    const why = endOf(step, device, lease);
    join(all, { type: 'ended', viewer: lease.holder, devices: [device], why });
  }
  for (const device of moved) {
    const lease = after.leases[device];
    if (lease === null) continue;
    const how = beginOf(step, lease.holder);
    join(all, { type: 'began', viewer: lease.holder, devices: [device], how });
  }
  return all;
}

/** What is the same of several devices is told once. */
function join(all: Transition[], next: Transition): void {
  const index = all.findIndex(
    (each) =>
      each.viewer === next.viewer &&
      each.type === next.type &&
      (each.type === 'began' || next.type === 'began' || each.why === next.why),
  );
  const same = all[index];
  if (same === undefined) all.push(next);
  else all[index] = { ...same, devices: [...same.devices, ...next.devices] };
}

function beginOf({ before, command }: ArbiterStep, holder: ViewerKey): LeaseBegin {
  if (command.type === 'take' && command.by === holder) return 'took';
  if (command.type === 'give' && command.to === holder) return 'given';
  return before.queue.some(({ viewer }) => viewer === holder) ? 'waited' : 'asked';
}

function endOf({ before, command, nowMs }: ArbiterStep, device: Device, lease: Lease): LeaseEnd {
  switch (command.type) {
    case 'release':
      return 'released';
    case 'take':
      return 'taken';
    case 'give':
      return 'given-away';
    case 'withdraw':
      return 'withdrawn';
    case 'set-policy':
      return 'policy';
    case 'revoke':
      return command.to === lease.holder ? command.why : 'no-owner';
    case 'join':
      return command.by === lease.holder ? 'no-right' : 'no-owner';
    case 'tick':
      return endByTime(before, device, lease, nowMs);
    default:
      return 'no-owner';
  }
}

function endByTime(before: ControlState, device: Device, lease: Lease, nowMs: number): LeaseEnd {
  if (before.absent.has(lease.holder)) return 'lost';
  return deadlineOf(before, device, lease, nowMs) ?? 'no-owner';
}
