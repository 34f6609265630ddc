import type { Device } from '../../protocol/control.ts';
import type { InputFrame } from '../../protocol/input.ts';

/** What of a frame is counted. */
export const INPUT_TYPES = [
  ...(['key', 'button', 'text', 'motion', 'wheel'] as const),
  ...(['touch', 'gamepad', 'clipboard'] as const),
];
export type InputType = (typeof INPUT_TYPES)[number];

/** The devices that a frame speaks of; what is empty in its held set speaks of none. */
export function devicesOf({ pointer, travel, wheel, held, events }: InputFrame): readonly Device[] {
  const devices = new Set<Device>();
  const moves = pointer !== undefined || travel !== undefined || wheel !== undefined;
  if (moves) devices.add('pointer');
  if (held !== undefined) {
    if (held.buttons !== 0 || held.touches.length > 0) devices.add('pointer');
    if (held.keys.length > 0) devices.add('keyboard');
    if (held.gamepads.length > 0) devices.add('gamepad');
  }
  for (const { type } of events) devices.add(type === 'button' ? 'pointer' : 'keyboard');
  return [...devices];
}

/** How much of each type is in a frame: its events, and once each what it says of a state. */
export function typesOf(frame: InputFrame): readonly InputType[] {
  const { pointer, travel, wheel, held, events } = frame;
  const types: InputType[] = events.map(({ type }) => type);
  if (pointer !== undefined || travel !== undefined) types.push('motion');
  if (wheel !== undefined) types.push('wheel');
  if (held !== undefined && held.touches.length > 0) types.push('touch');
  if (held !== undefined && held.gamepads.length > 0) types.push('gamepad');
  return types;
}
