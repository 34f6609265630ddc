import type { HeldKey } from '../../gateway/protocol/input.ts';
import type { Injection } from './injection.ts';

/** Keys that are down, in the order in which they went down. */
export class HeldKeys {
  readonly #keysyms = new Map<string, number>();

  get isHolding(): boolean {
    return this.#keysyms.size > 0;
  }

  press({ code, keysym }: HeldKey, down: boolean): readonly Injection[] {
    const pressed = this.#keysyms.get(code);
    if ((pressed !== undefined) === down) return [];
    if (down) this.#keysyms.set(code, keysym);
    else this.#keysyms.delete(code);
    // A key goes up as what it went down: the meaning may have changed with a modifier since.
    return [{ type: 'key', code, keysym: pressed ?? keysym, down }];
  }

  /** Exactly these are down from now on; what goes up goes up first, the last key before others. */
  settle(keys: readonly HeldKey[]): readonly Injection[] {
    const wanted = new Set(keys.map(({ code }) => code));
    const over = [...this.#keysyms].filter(([code]) => !wanted.has(code)).reverse();
    return [
      ...over.flatMap(([code, keysym]) => this.press({ code, keysym }, false)),
      ...keys.flatMap((key) => this.press(key, true)),
    ];
  }

  forget(): void {
    this.#keysyms.clear();
  }
}
