import type { Device } from '../../protocol/control.ts';
import { DEVICES } from '../../protocol/control-terms.ts';
import type { InputFrame, InputRefused } from '../../protocol/input.ts';
import { devicesOf } from './frame-parts.ts';
import type { InputControl } from './input-control.ts';
import type { InputViewer } from './input-viewer.ts';

export type FrameVerdict = 'passed' | Exclude<InputRefused['why'], 'too-many'>;

/**
 * Whether a frame may go to the host: each device that it speaks of is held by its sender, in its
 * epoch, and the host takes input on it (`taken`). One that speaks of none keeps alive what is held, so its sender must hold something.
 */
export function judgeFrame(
  frame: InputFrame,
  viewer: InputViewer,
  control: InputControl,
  taken: readonly Device[],
): FrameVerdict {
  const { epoch } = frame;
  const devices = devicesOf(frame);
  if (taken.length === 0 || devices.some((device) => !taken.includes(device))) return 'no-host';
  const isHeld = (device: Device): boolean => control.mayUse(viewer, device, epoch);
  const passes = devices.length > 0 ? devices.every(isHeld) : DEVICES.some(isHeld);
  if (passes) return 'passed';
  return control.holderInEpoch(epoch) === null ? 'stale' : 'not-holder';
}
