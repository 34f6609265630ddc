import type { ControlPolicy } from '../protocol/control.ts';

export const DEFAULT_CONTROL_POLICY: ControlPolicy = {
  mode: 'open',
  ownerPresent: false,
  split: false,
  slotMs: null,
  idleMs: 60_000,
  graceMs: 5_000,
  denyMs: 10_000,
  maxQueue: 50,
  clipboardToHost: 'all',
  clipboardFromHost: 'text',
};
