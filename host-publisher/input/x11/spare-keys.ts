import { canonical, codePointOf } from './keysyms.ts';
import { isPhysical } from './key-codes.ts';
import type { Key, KeyMap } from './key-map.ts';

/** A keycode that is to mean this from now on. */
export interface Remapping {
  readonly keycode: number;
  readonly keysym: number;
  /** It meant something else until now. */
  readonly wasLent: boolean;
}

/** Keycodes without a meaning of their own that are lent to keysyms the layout has not. */
export class SpareKeys {
  readonly #free: number[] = [];
  /** The least recently used first. */
  readonly #lent = new Map<number, number>();

  /** What can be lent in all. */
  get size(): number {
    return this.#free.length + this.#lent.size;
  }

  get keycodes(): readonly number[] {
    return [...this.#free, ...this.lent];
  }

  /** Keycodes that mean something for now. */
  get lent(): readonly number[] {
    return [...this.#lent.values()];
  }

  /**
   * Takes stock of a layout: a new one has wiped out what was lent. What is mapped as this class
   * maps was lent by a process that died, and is lent on.
   */
  survey(map: KeyMap): void {
    const before = [...this.#lent];
    this.#lent.clear();
    this.#free.length = 0;
    for (const [keysym, keycode] of before) {
      if (meaningOf(map.keys.get(keycode)) === canonical(keysym)) this.#lent.set(keysym, keycode);
    }
    const lent = new Set(this.#lent.values());
    for (const [keycode, key] of map.keys) {
      if (lent.has(keycode) || isPhysical(keycode) || key.modifiers !== 0) continue;
      const meaning = meaningOf(key);
      const isEmpty = key.groups.every(({ keysyms }) => keysyms.every((keysym) => keysym === 0));
      if (isEmpty) this.#free.push(keycode);
      else if (meaning !== null && !this.#lent.has(meaning)) this.#lent.set(meaning, keycode);
    }
  }

  /** The keycode that means this now; null: none does. */
  find(keysym: number): number | null {
    const wanted = canonical(keysym);
    const keycode = this.#lent.get(wanted);
    if (keycode === undefined) return null;
    this.#lent.delete(wanted);
    this.#lent.set(wanted, keycode);
    return keycode;
  }

  /** Lends keycodes to those that have none, of the longest unused that are not down; what does not fit is left out. */
  lend(keysyms: Iterable<number>, isDown: (keycode: number) => boolean): readonly Remapping[] {
    const wanted = new Set([...keysyms].map(canonical));
    const remappings: Remapping[] = [];
    for (const keysym of wanted) {
      if (this.find(keysym) !== null) continue;
      const free = this.#free.pop();
      const keycode = free ?? this.#reclaim(wanted, isDown);
      if (keycode === undefined) break;
      this.#lent.set(keysym, keycode);
      remappings.push({ keycode, keysym, wasLent: free === undefined });
    }
    return remappings;
  }

  #reclaim(wanted: ReadonlySet<number>, isDown: (keycode: number) => boolean): number | undefined {
    for (const [keysym, keycode] of this.#lent) {
      if (wanted.has(keysym) || isDown(keycode)) continue;
      this.#lent.delete(keysym);
      return keycode;
    }
    return undefined;
  }
}

/** What a key types, whatever is held beside it; null: it depends, or it types nothing. */
function meaningOf(key: Key | undefined): number | null {
  const keysyms = key?.groups.flatMap((group) => group.keysyms) ?? [];
  const [first = 0] = keysyms;
  const isOne = keysyms.length > 1 && keysyms.every((keysym) => keysym === first);
  return isOne && codePointOf(first) !== null ? canonical(first) : null;
}
