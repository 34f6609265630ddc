import type { ControlPolicy, ControlRefusal, Device, ViewerId } from '../../protocol/control.ts';
import type { LeaseBegin, LeaseEnd } from '../../protocol/control-record.ts';
import type { SourcePlace } from '../hosts/source-place.ts';

/** A viewer, for logs. */
export interface Who {
  readonly viewer: ViewerId;
  readonly name: string;
  readonly subject: string;
}

/** What was decided about control. */
export interface ControlChange {
  readonly change: LeaseBegin | LeaseEnd | 'denied' | 'policy';
  readonly place: SourcePlace;
  /** Whom it happened to; null: the room. */
  readonly who: Who | null;
  readonly devices: readonly Device[];
  /** `sub` of whoever decided; null: a rule did, or its holder. */
  readonly by: string | null;
  /** Of a change of it. */
  readonly policy?: ControlPolicy;
}

/** Hears of control, for logs and metrics; observers never change the outcome. */
export interface ControlObserver {
  changed(change: ControlChange): void;
  refused(why: ControlRefusal): void;
}
