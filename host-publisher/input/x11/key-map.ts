import { canonical } from './keysyms.ts';

/** Bits of modifiers as X11 numbers them. */
export const CONTROL = 4;

/** Which level of a key the modifiers choose. */
export interface KeyType {
  /** Modifiers that it looks at. */
  readonly mask: number;
  readonly entries: readonly { readonly mods: number; readonly level: number }[];
}

export interface KeyGroup {
  readonly type: KeyType;
  /** Keysyms by level; 0: none. */
  readonly keysyms: readonly number[];
}

export interface Key {
  readonly groups: readonly KeyGroup[];
  /** XKB's `groupInfo`: what happens where the keyboard's group is none of the key's. */
  readonly outOfRange: number;
  /** Modifiers that it sets while it is down. */
  readonly modifiers: number;
}

/** A key, and the modifiers (one of `mods`, of those in `mask`) with which it means something. */
export interface Place {
  readonly keycode: number;
  readonly group: number;
  readonly level: number;
  readonly mask: number;
  readonly mods: readonly number[];
}

/** What the keys of a display mean. */
export class KeyMap {
  readonly keys: ReadonlyMap<number, Key>;
  readonly #places = new Map<number, Place[]>();

  constructor(keys: ReadonlyMap<number, Key>) {
    this.keys = keys;
    const levels = new Map<KeyType, ReturnType<typeof modsByLevel>>();
    for (const [keycode, key] of keys) {
      key.groups.forEach(({ type, keysyms }, group) => {
        if (!levels.has(type)) levels.set(type, modsByLevel(type));
        keysyms.forEach((keysym, level) => {
          if (keysym === 0) return;
          const mods = levels.get(type)?.get(level) ?? [];
          const place = { keycode, group, level, mask: type.mask, mods };
          const known = this.#places.get(canonical(keysym));
          if (known === undefined) this.#places.set(canonical(keysym), [place]);
          else known.push(place);
        });
      });
    }
  }

  /** The same, as if it had no such keys. */
  without(keycodes: Iterable<number>): KeyMap {
    const keys = new Map(this.keys);
    for (const keycode of keycodes) keys.delete(keycode);
    return new KeyMap(keys);
  }

  placesOf(keysym: number): readonly Place[] {
    return this.#places.get(canonical(keysym)) ?? [];
  }

  /** Which of its groups a key is in while the keyboard is in this one. */
  groupOf(keycode: number, group: number): number {
    const key = this.keys.get(keycode);
    const count = key?.groups.length ?? 0;
    if (key === undefined || count === 0 || group < count) return group;
    if ((key.outOfRange & 0xc0) === 0x40) return count - 1;
    if ((key.outOfRange & 0xc0) === 0x80) return Math.min((key.outOfRange >> 4) & 3, count - 1);
    return group % count;
  }

  modifiersOf(keycode: number): number {
    return this.keys.get(keycode)?.modifiers ?? 0;
  }

  /** Modifiers that keys of these meanings set. */
  modifiersBy(keysyms: readonly number[]): number {
    return keysyms
      .flatMap((keysym) => this.placesOf(keysym))
      .reduce((all, { keycode }) => all | this.modifiersOf(keycode), 0);
  }
}

/** By level; what a type does not list is its first level, as Shift with CapsLock. */
function modsByLevel({ mask, entries }: KeyType): ReadonlyMap<number, readonly number[]> {
  const levels = new Map<number, number[]>([[0, []]]);
  for (let mods = 0; mods <= mask; mods += 1) {
    if ((mods & ~mask) !== 0) continue;
    const level = entries.find((entry) => entry.mods === mods)?.level ?? 0;
    const known = levels.get(level);
    if (known === undefined) levels.set(level, [mods]);
    else known.push(mods);
  }
  return levels;
}
