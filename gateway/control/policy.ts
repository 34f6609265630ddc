/** Who may hold control of a host, and for how long. Times in milliseconds. */
export interface ControlPolicy {
  /** `open`: whoever may control; `locked`: owners and admins; `view-only`: nobody. */
  readonly mode: 'open' | 'locked' | 'view-only';
  /** Viewers hold control only while an owner or admin is present. */
  readonly ownerPresent: boolean;
  /** Pointer, keyboard and gamepad may be held by different viewers. */
  readonly split: boolean;
  /** How long one holds it while others wait; null: as long as they like. */
  readonly slotMs: number | null;
  /** After so long without input it goes to whoever waits; null: never. */
  readonly idleMs: number | null;
  /** How long it is kept for a holder whose socket is lost; what was held is released at once. */
  readonly graceMs: number;
  /** How long a viewer that was denied cannot ask again. */
  readonly denyMs: number;
  /** Viewers that may wait. */
  readonly maxQueue: number;
}

export const DEFAULT_CONTROL_POLICY: ControlPolicy = {
  mode: 'open',
  ownerPresent: false,
  split: false,
  slotMs: null,
  idleMs: 60_000,
  graceMs: 5_000,
  denyMs: 10_000,
  maxQueue: 50,
};
