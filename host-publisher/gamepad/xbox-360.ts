import type { Gamepad } from '../../gateway/protocol/input.ts';
import { EV_ABS, EV_KEY, type Axis, type EvdevEvent, type Identity } from './uinput.ts';

/** What every game knows: a wired Xbox 360 controller, as Linux's xpad has it. */
export const XBOX_360: Identity = {
  ...{ bus: 3, vendor: 0x045e, product: 0x028e, version: 0x0110 },
  name: 'Microsoft X-Box 360 pad',
};

/** Buttons of the standard mapping by their numbers, as evdev calls them; the others are axes. */
const KEYS: Readonly<Record<number, number>> = {
  ...{ 0: 0x130, 1: 0x131, 2: 0x133, 3: 0x134 },
  ...{ 4: 0x136, 5: 0x137 },
  ...{ 8: 0x13a, 9: 0x13b, 10: 0x13d, 11: 0x13e, 16: 0x13c },
};
export const KEY_CODES: readonly number[] = Object.values(KEYS);

const [X, Y, RIGHT_X, RIGHT_Y] = [0, 1, 3, 4] as const;
const [LEFT_TRIGGER, RIGHT_TRIGGER] = [2, 5] as const;
const [HAT_X, HAT_Y] = [0x10, 0x11] as const;
const STICKS = [X, Y, RIGHT_X, RIGHT_Y];
const STICK = 32_767;
const TRIGGER = 255;
/** Buttons of the standard mapping: up, down, left, right. */
const [UP, DOWN, LEFT, RIGHT] = [12, 13, 14, 15] as const;

export const AXES: readonly Axis[] = [
  ...STICKS.map((code) => ({ code, least: -STICK - 1, most: STICK, fuzz: 16, flat: 128 })),
  ...[LEFT_TRIGGER, RIGHT_TRIGGER].map((code) => ({
    ...{ code, least: 0, most: TRIGGER, fuzz: 0, flat: 0 },
  })),
  ...[HAT_X, HAT_Y].map((code) => ({ code, least: -1, most: 1, fuzz: 0, flat: 0 })),
];

export const AT_REST: Omit<Gamepad, 'id'> = { buttons: 0, triggers: [0, 0], axes: [0, 0, 0, 0] };

/** What changes on the device between two positions of a gamepad, in the order of its codes. */
export function changesOf(
  from: Omit<Gamepad, 'id'>,
  to: Omit<Gamepad, 'id'>,
): readonly EvdevEvent[] {
  const former = valuesOf(from);
  return [...valuesOf(to)]
    .filter(([name, { value }]) => former.get(name)?.value !== value)
    .map(([, event]) => event);
}

function valuesOf({ buttons, triggers, axes }: Omit<Gamepad, 'id'>): Map<string, EvdevEvent> {
  const pressed = (button: number): number => (buttons >>> button) & 1;
  const axis = (code: number, value: number): EvdevEvent => ({ type: EV_ABS, code, value });
  const events = [
    ...Object.entries(KEYS).map(([button, code]) => ({
      ...{ type: EV_KEY, code, value: pressed(Number(button)) },
    })),
    ...STICKS.map((code, index) => axis(code, Math.round((axes[index] ?? 0) * STICK))),
    axis(LEFT_TRIGGER, Math.round(triggers[0] * TRIGGER)),
    axis(RIGHT_TRIGGER, Math.round(triggers[1] * TRIGGER)),
    axis(HAT_X, pressed(RIGHT) - pressed(LEFT)),
    axis(HAT_Y, pressed(DOWN) - pressed(UP)),
  ];
  return new Map(events.map((event) => [`${event.type}:${event.code}`, event]));
}
