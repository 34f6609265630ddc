import type { ControlState, ControlWelcome, Device } from '../../../gateway/protocol/control.ts';
import { DEVICES } from '../../../gateway/protocol/control-terms.ts';

/** What was last told of control, to whom, and when by this machine's clock. */
export interface ControlReading {
  readonly self: Pick<ControlWelcome, 'viewer' | 'rank'> | null;
  readonly state: ControlState | null;
  /** Whether the reader waits, and where in the queue; from 1, null: not known. */
  readonly isWaiting: boolean;
  readonly place: number | null;
  readonly readAtMs: number;
}

/** Somebody with control of some devices. */
export interface Driver {
  readonly viewer: string;
  readonly name: string;
  readonly devices: readonly Device[];
  /** Its socket is lost for now. */
  readonly absent: boolean;
  /** When its time is over; null: no end is known. */
  readonly endsAtMs: number | null;
}

/** How one viewer stands to control. */
export type Standing =
  /** Nothing is known, or nothing there can be controlled. */
  | { readonly kind: 'none' }
  /** It may watch only, and why. */
  | { readonly kind: 'barred'; readonly why: 'no-right' | 'view-only' | 'locked' }
  /** Nobody has what it would get. */
  | { readonly kind: 'free' }
  | { readonly kind: 'taken' }
  /** `place` from 1; null: not known. */
  | { readonly kind: 'waiting'; readonly place: number | null }
  | { readonly kind: 'driving'; readonly driver: Driver };

/** How the reader stands. */
export function standingOf(reading: ControlReading): Standing {
  const { self, state, readAtMs } = reading;
  if (self === null || state === null || state.devices.length === 0) return { kind: 'none' };
  const driver = driversOf(state, readAtMs).find(({ viewer }) => viewer === self.viewer);
  if (driver !== undefined) return { kind: 'driving', driver };
  if (self.rank === 'watcher') return { kind: 'barred', why: 'no-right' };
  if (state.policy.mode === 'view-only') return { kind: 'barred', why: 'view-only' };
  if (state.policy.mode === 'locked' && !decides(self.rank)) {
    return { kind: 'barred', why: 'locked' };
  }
  if (reading.isWaiting) return { kind: 'waiting', place: reading.place };
  const isFree = state.devices.every((device) => state.holders[device] === null);
  return isFree && state.queueLength === 0 ? { kind: 'free' } : { kind: 'taken' };
}

/** Everybody who has control of something, in the order of the devices. */
export function driversOf(state: ControlState, readAtMs: number): readonly Driver[] {
  const drivers = new Map<string, Driver>();
  for (const device of DEVICES) {
    const holder = state.holders[device];
    if (holder === null) continue;
    const known = drivers.get(holder.viewer);
    drivers.set(holder.viewer, {
      viewer: holder.viewer,
      name: holder.name,
      devices: [...(known?.devices ?? []), device],
      absent: holder.absent,
      endsAtMs: earlier(known?.endsAtMs ?? null, holder.leftMs, readAtMs),
    });
  }
  return [...drivers.values()];
}

/** Whether somebody of this rank decides about others' control. */
export function decides(rank: ControlWelcome['rank'] | undefined): boolean {
  return rank === 'owner' || rank === 'admin';
}

function earlier(endsAtMs: number | null, leftMs: number | null, readAtMs: number): number | null {
  if (leftMs === null) return endsAtMs;
  return Math.min(endsAtMs ?? Infinity, readAtMs + leftMs);
}
