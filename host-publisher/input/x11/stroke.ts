import { CONTROL, type KeyMap, type Place } from './key-map.ts';
import { canonical, dependsOnLevel, isLatin, isLetter, latinOf } from './keysyms.ts';
import { keycodeAt } from './key-codes.ts';

/** Shift, ISO_Level3_Shift, Mode_switch, ISO_Level5_Shift: they choose levels and do nothing else. */
const LEVEL_KEYS = [0xffe1, 0xfe03, 0xff7e, 0xfe11];
/** Alt, Meta, Super and Hyper, left and right. */
const COMMAND_KEYS = [0xffe7, 0xffe8, 0xffe9, 0xffea, 0xffeb, 0xffec, 0xffed, 0xffee];
const OTHER_GROUP_COST = 8;

/** How the keyboard stands. */
export interface KeyboardState {
  /** Modifiers of keys that are held down. */
  readonly held: number;
  /** Modifiers that are locked, as by CapsLock. */
  readonly locked: number;
  readonly group: number;
}

/** One press, and what has to be otherwise for its moment. */
export interface Stroke {
  readonly keycode: number;
  /** Keycodes of modifiers to hold. */
  readonly hold: readonly number[];
  /** Modifiers whose keys are to be up. */
  readonly lift: number;
  /** Null: the keyboard's group is right. */
  readonly group: number | null;
}

/** Modifiers that make a shortcut of a key. */
export const commandModifiers = (map: KeyMap): number => CONTROL | map.modifiersBy(COMMAND_KEYS);

/**
 * How a key of this meaning is pressed; null: the layout has none. `code` is where it is on its
 * sender's keyboard.
 */
export function strokeFor(
  map: KeyMap,
  { code, keysym }: { readonly code: string; readonly keysym: number },
  state: KeyboardState,
): Stroke | null {
  const isShortcut = (state.held & commandModifiers(map)) !== 0;
  const places = map.placesOf(keysym);
  const isFixed = !dependsOnLevel(keysym) || (isShortcut && isLetter(keysym));
  if (isFixed) {
    const place = nearest(map, places, code, state.group);
    if (place !== null) return plainStroke(place.keycode);
    return isShortcut && !isLatin(keysym) ? latinStroke(map, code, state.group) : null;
  }
  const strokes = places
    .flatMap((place) => change(map, place, state))
    .toSorted((a, b) => a.cost - b.cost || rank(a, code) - rank(b, code));
  const [best] = strokes;
  if (best !== undefined) return best;
  return isShortcut && !isLatin(keysym) ? latinStroke(map, code, state.group) : null;
}

/** For keys that mean the same with every modifier, or whatever they mean. */
export const plainStroke = (keycode: number): Stroke => ({
  keycode,
  hold: [],
  lift: 0,
  group: null,
});

const rank = ({ keycode }: Stroke, code: string): number =>
  keycode === keycodeAt(code) ? 0 : keycode;

/** Programs know Ctrl+C by its Latin letter, or by the key where that is. */
function latinStroke(map: KeyMap, code: string, group: number): Stroke | null {
  const latin = latinOf(code);
  const place = latin === null ? null : nearest(map, map.placesOf(latin), code, group);
  const keycode = place?.keycode ?? keycodeAt(code);
  return keycode === null ? null : plainStroke(keycode);
}

/** The key itself in its own group, else the plainest. */
function nearest(map: KeyMap, places: readonly Place[], code: string, group: number): Place | null {
  const cost = (place: Place): number =>
    (map.groupOf(place.keycode, group) === place.group ? 0 : 1000) +
    (place.keycode === keycodeAt(code) ? 0 : 500) +
    place.level;
  const [best = null] = places.toSorted((a, b) => cost(a) - cost(b));
  return best;
}

function change(
  map: KeyMap,
  { keycode, group, mask, mods }: Place,
  { held, locked, group: now }: KeyboardState,
): readonly (Stroke & { readonly cost: number })[] {
  const isInGroup = map.groupOf(keycode, now) === group;
  const is = (held | locked) & mask;
  return mods.flatMap((wanted) => {
    const lift = is & ~wanted;
    const hold = holding(map, wanted & ~is);
    if (hold === null || (lift & locked) !== 0) return [];
    const cost = 2 * (bits(lift) + hold.length) + (isInGroup ? 0 : OTHER_GROUP_COST);
    return [{ keycode, hold, lift, group: isInGroup ? null : group, cost }];
  });
}

/** Keys that set exactly these modifiers; null: some of them do more than that. */
function holding(map: KeyMap, modifiers: number): readonly number[] | null {
  const hold: number[] = [];
  let open = modifiers;
  for (const keysym of LEVEL_KEYS) {
    if (open === 0) break;
    const place = map.placesOf(canonical(keysym)).find(({ keycode, level }) => {
      const set = map.modifiersOf(keycode);
      return level === 0 && set !== 0 && (set & ~open) === 0;
    });
    if (place === undefined) continue;
    hold.push(place.keycode);
    open &= ~map.modifiersOf(place.keycode);
  }
  return open === 0 ? hold : null;
}

const bits = (value: number): number => value.toString(2).replaceAll('0', '').length;
