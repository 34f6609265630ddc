import type { HeldSet, InputFrame } from '../../../gateway/protocol/input.ts';

/** Nothing is down. */
export const NOTHING_HELD: HeldSet = { keys: [], buttons: 0, touches: [], gamepads: [] };

/** A frame of epoch 1 with nothing held, unless told. */
export function aFrame(part: Partial<InputFrame> = {}): InputFrame {
  return {
    type: 'input/frame',
    epoch: 1,
    sequence: 0,
    at: 0,
    held: NOTHING_HELD,
    eventsBefore: 0,
    events: [],
    ...part,
  };
}

/** A frame that speaks of motion alone. */
export function aMotion(part: Partial<InputFrame> = {}): InputFrame {
  const motion = aFrame(part);
  delete motion.held;
  return motion;
}

/** All devices in one epoch; null: nobody has any. */
export const allIn = (epoch: number | null) => ({
  pointer: epoch,
  keyboard: epoch,
  gamepad: epoch,
});
