import type { Gamepad, HeldKey, Touch } from '../../../gateway/protocol/input.ts';
import type { InputSink } from '../../core/control/input-sink.ts';
import { characterKeysym } from '../../core/control/keysym.ts';
import type { Leases } from '../../core/control/leases.ts';
import { Observable } from '../../core/observable.ts';

/** Modifiers that a phone's keyboard lacks. */
export const STICKY = {
  Ctrl: { code: 'ControlLeft', keysym: 0xffe3 },
  Alt: { code: 'AltLeft', keysym: 0xffe9 },
  Shift: { code: 'ShiftLeft', keysym: 0xffe1 },
  Super: { code: 'MetaLeft', keysym: 0xffeb },
} as const satisfies Record<string, HeldKey>;
export type StickyName = keyof typeof STICKY;

/** `next`: held until the next key; `locked`: until it is tapped again. */
export type Stickiness = 'off' | 'next' | 'locked';
export type StickyState = Readonly<Record<StickyName, Stickiness>>;

const NAMES = Object.keys(STICKY) as readonly StickyName[];
const NONE: StickyState = { Ctrl: 'off', Alt: 'off', Shift: 'off', Super: 'off' };
const AFTER: Record<Stickiness, Stickiness> = { off: 'next', next: 'locked', locked: 'off' };
const MODIFIER_KEYSYMS: readonly [number, number] = [0xffe1, 0xffee];

/** A sink with modifiers that stay down after a tap, for the keys that come through it. */
export class StickyKeys implements InputSink {
  readonly state = new Observable<StickyState>(NONE);
  readonly leases: Observable<Leases>;
  readonly #sink: InputSink;

  constructor(sink: InputSink & { readonly leases: Observable<Leases> }) {
    this.#sink = sink;
    this.leases = sink.leases;
  }

  /** Off, for the next key, locked, off again. */
  tap(name: StickyName): void {
    const next = AFTER[this.state.value[name]];
    this.#set(name, next);
    const { code, keysym } = STICKY[name];
    if (next !== 'locked') this.#sink.key(code, keysym, next === 'next', performance.now());
  }

  /** Presses a key of the page's own and lets it go. */
  press({ code, keysym }: HeldKey): void {
    const nowMs = performance.now();
    this.key(code, keysym, true, nowMs);
    this.key(code, keysym, false, nowMs);
  }

  key(code: string, keysym: number, down: boolean, atMs: number): void {
    this.#sink.key(code, keysym, down, atMs);
    const [first, last] = MODIFIER_KEYSYMS;
    if (!down && (keysym < first || keysym > last)) this.#letGo(atMs);
  }

  /** With a modifier down, text is the keys that would write it. */
  text(text: string, atMs: number): void {
    if (NAMES.every((name) => this.state.value[name] === 'off')) {
      this.#sink.text(text, atMs);
      return;
    }
    for (const character of text) this.press(keyOf(character));
  }

  point(x: number, y: number, atMs: number): void {
    this.#sink.point(x, y, atMs);
  }

  travel(dx: number, dy: number, atMs: number): void {
    this.#sink.travel(dx, dy, atMs);
  }

  wheel(dx: number, dy: number, atMs: number): void {
    this.#sink.wheel(dx, dy, atMs);
  }

  button(button: number, down: boolean, atMs: number): void {
    this.#sink.button(button, down, atMs);
  }

  touches(touches: readonly Touch[], atMs: number): void {
    this.#sink.touches(touches, atMs);
  }

  gamepads(gamepads: readonly Gamepad[], atMs: number): void {
    this.#sink.gamepads(gamepads, atMs);
  }

  release(): void {
    this.state.set(NONE);
    this.#sink.release();
  }

  #letGo(atMs: number): void {
    for (const name of NAMES) {
      if (this.state.value[name] !== 'next') continue;
      this.#set(name, 'off');
      this.#sink.key(STICKY[name].code, STICKY[name].keysym, false, atMs);
    }
  }

  #set(name: StickyName, stickiness: Stickiness): void {
    this.state.set({ ...this.state.value, [name]: stickiness });
  }
}

/** The key that writes a character: by its keysym; its place only where every layout has it there. */
function keyOf(character: string): HeldKey {
  const keysym = characterKeysym(character);
  if (/^[a-z]$/i.test(character)) return { code: `Key${character.toUpperCase()}`, keysym };
  if (/^\d$/.test(character)) return { code: `Digit${character}`, keysym };
  return { code: 'Unidentified', keysym };
}
