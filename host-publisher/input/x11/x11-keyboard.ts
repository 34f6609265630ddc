import { setTimeout as delay } from 'node:timers/promises';
import type { Client, Xkb, Xtest } from 'x11';
import type { KeyboardMode } from '../control-options.ts';
import { keycodeAt } from './key-codes.ts';
import { KeyMap } from './key-map.ts';
import { codePointOf, isLatin, keysymOf } from './keysyms.ts';
import { SpareKeys } from './spare-keys.ts';
import {
  commandModifiers,
  plainStroke,
  strokeFor,
  type KeyboardState,
  type Stroke,
} from './stroke.ts';
import { readKeyMap } from './xkb-map.ts';

const CORE_KEYBOARD = 0x100;
/** Programs read a changed keymap a moment after its notice; what is typed sooner means the old one. */
const SETTLE_MS = 60;
/** A busy program may still have to read what a keycode typed under its former meaning. */
const REUSE_MS = 200;
/** Chromium reads all of it again for each notice. */
const SETTLE_EACH_MS = 10;
/** Caps_Lock, Shift_Lock, Num_Lock, Scroll_Lock: the meaning of other keys says already whether they are on. */
const LOCK_KEYS: ReadonlySet<number> = new Set([0xffe5, 0xffe6, 0xff7f, 0xff14]);

export interface X11KeyboardParts {
  readonly client: Client;
  readonly xtest: Xtest;
  readonly xkb: Xkb;
  readonly mode: KeyboardMode;
}

/** Types on a display by what keys mean, or by where they are. */
export class X11Keyboard {
  readonly #parts: X11KeyboardParts;
  readonly #spare = new SpareKeys();
  #map = new KeyMap(new Map());
  #locked = 0;
  #group = 0;
  /** The keycode of each code that is down. */
  readonly #down = new Map<string, number>();
  #isStale = false;
  #remappings = 0;

  static async open(parts: X11KeyboardParts): Promise<X11Keyboard> {
    const keyboard = new X11Keyboard(parts);
    await keyboard.#begin();
    return keyboard;
  }

  private constructor(parts: X11KeyboardParts) {
    this.#parts = parts;
  }

  /** A promise where programs have to learn of a new meaning first. */
  key(code: string, keysym: number, down: boolean): Promise<void> | undefined {
    if (!down) {
      this.#release(code);
      return undefined;
    }
    if (this.#parts.mode === 'keysym' && keysym !== 0) return this.#pressMeaning(code, keysym);
    const keycode = keycodeAt(code);
    if (keycode !== null) this.#press(code, plainStroke(keycode));
    return undefined;
  }

  /** Types text of any script. */
  text(text: string): Promise<void> | undefined {
    const keysyms = Array.from(text.replaceAll('\r\n', '\n'), keysymOf);
    if (keysyms.every((keysym) => this.#textStroke(keysym) !== null)) {
      for (const keysym of keysyms) this.#tap(keysym);
      return undefined;
    }
    return this.#typeSlowly(keysyms);
  }

  /** Takes back what keycodes were lent. */
  close(): void {
    for (const keycode of this.#spare.lent) this.#remap(keycode, 0);
  }

  async #begin(): Promise<void> {
    const { client, xkb } = this.#parts;
    client.on('event', (event: { name?: string; lockedMods?: number; group?: number }) => {
      if (event.name === 'XkbStateNotify') {
        this.#locked = event.lockedMods ?? 0;
        this.#group = event.group ?? 0;
      } else if (event.name === 'MappingNotify' || event.name === 'XkbEvent') this.#changed();
    });
    const { NewKeyboardNotify, MapNotify, StateNotify } = xkb.EventType;
    const events = NewKeyboardNotify | MapNotify | StateNotify;
    xkb.SelectEvents(CORE_KEYBOARD, events, 0, events, 0xff, 0xff);
    await this.#read();
    await new Promise<void>((resolve) =>
      xkb.GetState(CORE_KEYBOARD, (error, state) => {
        if (error == null) {
          this.#locked = state.lockedMods;
          this.#group = state.group;
        }
        resolve();
      }),
    );
  }

  #changed(): void {
    if (this.#isStale) return;
    this.#isStale = true;
    setImmediate(() => {
      this.#isStale = false;
      this.#read().catch(() => undefined);
    });
  }

  async #read(): Promise<void> {
    const before = this.#remappings;
    const map = await readKeyMap(this.#parts.client, this.#parts.xkb.majorOpcode);
    // What was remapped meanwhile is not in it; the notice of that has it read again.
    if (before !== this.#remappings) return;
    this.#spare.survey(map);
    this.#map = map.without(this.#spare.keycodes);
  }

  #pressMeaning(code: string, keysym: number): Promise<void> | undefined {
    if (LOCK_KEYS.has(keysym)) return undefined;
    const stroke = this.#strokeOf(code, keysym);
    if (stroke !== null) {
      this.#press(code, stroke);
      return undefined;
    }
    if (codePointOf(keysym) === null) {
      const keycode = keycodeAt(code);
      if (keycode !== null) this.#press(code, plainStroke(keycode));
      return undefined;
    }
    return this.#lend([keysym]).then(() => {
      const lent = this.#strokeOf(code, keysym);
      if (lent !== null) this.#press(code, lent);
    });
  }

  /** As much at a time as there are keycodes to lend. */
  async #typeSlowly(keysyms: readonly number[]): Promise<void> {
    const left = [...keysyms];
    while (left.length > 0) {
      const foreign = new Set<number>();
      let count = 0;
      for (const keysym of left) {
        if (this.#layoutStroke('', keysym, this.#textState) === null) foreign.add(keysym);
        if (foreign.size > this.#spare.size) break;
        count += 1;
      }
      const part = left.splice(0, Math.max(1, count));
      await this.#lend(part.filter((keysym) => foreign.has(keysym)));
      for (const keysym of part) this.#tap(keysym);
    }
  }

  async #lend(keysyms: readonly number[]): Promise<void> {
    const isDown = (keycode: number): boolean => [...this.#down.values()].includes(keycode);
    const remappings = this.#spare.lend(keysyms, isDown);
    if (remappings.length === 0) return;
    if (remappings.some(({ wasLent }) => wasLent)) await delay(REUSE_MS);
    for (const { keycode, keysym } of remappings) this.#remap(keycode, keysym);
    await delay(SETTLE_MS + SETTLE_EACH_MS * remappings.length);
  }

  #remap(keycode: number, keysym: number): void {
    this.#remappings += 1;
    this.#parts.client.ChangeKeyboardMapping(keycode, 2, [keysym, keysym]);
  }

  #strokeOf(code: string, keysym: number): Stroke | null {
    const state = this.#state;
    const isShortcut = (state.held & commandModifiers(this.#map)) !== 0 && !isLatin(keysym);
    const lent = isShortcut ? null : this.#spare.find(keysym);
    return lent === null ? this.#layoutStroke(code, keysym, state) : plainStroke(lent);
  }

  /** Text is text, whatever shortcut is held beside it. */
  #textStroke(keysym: number): Stroke | null {
    const lent = this.#spare.find(keysym);
    const stroke =
      lent === null ? this.#layoutStroke('', keysym, this.#textState) : plainStroke(lent);
    return stroke && { ...stroke, lift: stroke.lift | commandModifiers(this.#map) };
  }

  #layoutStroke(code: string, keysym: number, state: KeyboardState): Stroke | null {
    return strokeFor(this.#map, { code, keysym }, state);
  }

  get #textState(): KeyboardState {
    const state = this.#state;
    return { ...state, held: state.held & ~commandModifiers(this.#map) };
  }

  get #state(): KeyboardState {
    const held = [...this.#down.values()].reduce(
      (all, keycode) => all | this.#map.modifiersOf(keycode),
      0,
    );
    return { held, locked: this.#locked, group: this.#group };
  }

  #tap(keysym: number): void {
    const stroke = this.#textStroke(keysym);
    if (stroke === null) return;
    this.#perform(stroke, () => {
      this.#fake(stroke.keycode, true);
      this.#fake(stroke.keycode, false);
    });
  }

  #press(code: string, stroke: Stroke): void {
    const isShared = [...this.#down.values()].includes(stroke.keycode);
    this.#perform(stroke, () => {
      if (isShared) this.#fake(stroke.keycode, false);
      this.#fake(stroke.keycode, true);
    });
    this.#down.set(code, stroke.keycode);
  }

  #release(code: string): void {
    const keycode = this.#down.get(code);
    if (keycode === undefined) return;
    this.#down.delete(code);
    if (![...this.#down.values()].includes(keycode)) this.#fake(keycode, false);
  }

  /** Modifiers and group are as the stroke wants them for its moment only. */
  #perform({ keycode, hold, lift, group }: Stroke, act: () => void): void {
    const lifted = [...new Set(this.#down.values())].filter(
      (down) => down !== keycode && (this.#map.modifiersOf(down) & lift) !== 0,
    );
    for (const modifier of lifted) this.#fake(modifier, false);
    for (const modifier of hold) this.#fake(modifier, true);
    if (group !== null) this.#lockGroup(group);
    act();
    if (group !== null) this.#lockGroup(this.#group);
    for (const modifier of hold) this.#fake(modifier, false);
    for (const modifier of lifted) this.#fake(modifier, true);
  }

  #lockGroup(group: number): void {
    this.#parts.xkb.LatchLockState(CORE_KEYBOARD, 0, 0, true, group, 0, 0, false, 0);
  }

  #fake(keycode: number, down: boolean): void {
    const { xtest } = this.#parts;
    xtest.FakeInput(down ? xtest.KeyPress : xtest.KeyRelease, keycode, 0, 0, 0, 0);
  }
}
