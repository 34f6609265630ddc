import type { KeyboardInput } from './keyboard-input.ts';
import { keysymOf } from './keysym.ts';
import type { KeyFacts } from './key-facts.ts';
import type { SystemClipboard } from './system-clipboard.ts';

const CONTROL = { code: 'ControlLeft', keysym: 0xffe3 };
const SHIFT = { code: 'ShiftLeft', keysym: 0xffe1 };
const V = { code: 'KeyV', keysym: 0x76 };
/** Browsers tell of a paste within the key's own event; where they do not, nothing can be pasted. */
const PASTE_WAIT_MS = 100;

interface Combination {
  readonly modifiers: readonly { readonly code: string; readonly keysym: number }[];
  readonly key: { readonly code: string; readonly keysym: number };
}

/** Keys that paste: the host gets them once it has what was copied here. */
export class PasteKeys {
  readonly #keyboard: KeyboardInput;
  readonly #clipboard: SystemClipboard;
  #waiting: {
    readonly combination: Combination;
    readonly timer: ReturnType<typeof setTimeout>;
  } | null = null;

  constructor(keyboard: KeyboardInput, clipboard: SystemClipboard) {
    this.#keyboard = keyboard;
    this.#clipboard = clipboard;
  }

  /** Whether these keys paste; the browser must have the event then, and tells what is pasted. */
  take(facts: KeyFacts): boolean {
    const hasShift = facts.getModifierState('Shift');
    const hasCommand = facts.getModifierState('Control') || facts.getModifierState('Meta');
    const isPaste = hasCommand
      ? facts.key.toLowerCase() === 'v' && !facts.getModifierState('Alt')
      : hasShift && facts.key === 'Insert';
    if (!isPaste) return false;
    if (facts.repeat) return true;
    const modifiers = [...(hasCommand ? [CONTROL] : []), ...(hasShift ? [SHIFT] : [])];
    const combination = { modifiers, key: { code: facts.code, keysym: keysymOf(facts) } };
    this.#forget();
    const timer = setTimeout(() => this.#press(combination), PASTE_WAIT_MS);
    this.#waiting = { combination, timer };
    return true;
  }

  /** The browser told what is pasted, by keys or by its menu. */
  async paste(content: Blob): Promise<void> {
    const combination = this.#waiting?.combination ?? { modifiers: [CONTROL], key: V };
    this.#forget();
    // Where there is nothing, or the host refuses it, its own clipboard is what these keys mean.
    if (content.size > 0) await this.#clipboard.paste(content);
    this.#press(combination);
  }

  forget(): void {
    this.#forget();
  }

  #press({ modifiers, key }: Combination): void {
    this.#forget();
    const missing = modifiers.filter(({ code }) => !this.#keyboard.holds(modifierOf(code)));
    this.#keyboard.chord([...missing, key], performance.now());
  }

  #forget(): void {
    clearTimeout(this.#waiting?.timer);
    this.#waiting = null;
  }
}

const modifierOf = (code: string): string => (code === SHIFT.code ? 'Shift' : 'Control');
