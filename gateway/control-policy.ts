import type { Config } from './config/load.ts';
import { DEFAULT_CONTROL_POLICY } from './control/policy.ts';
import type { ControlPolicy } from './protocol/control.ts';

/** The policy of rooms that have none of their own. */
export const controlPolicy = (config: Config): ControlPolicy => ({
  ...DEFAULT_CONTROL_POLICY,
  mode: config.CONTROL_MODE,
  slotMs: config.CONTROL_SLOT_SECONDS === 0 ? null : config.CONTROL_SLOT_SECONDS * 1000,
  idleMs: config.CONTROL_IDLE_SECONDS === 0 ? null : config.CONTROL_IDLE_SECONDS * 1000,
  clipboardToHost: config.CLIPBOARD_TO_HOST,
  clipboardFromHost: config.CLIPBOARD_FROM_HOST,
});
