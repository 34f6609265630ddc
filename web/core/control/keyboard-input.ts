import type { InputSink } from './input-sink.ts';
import { isComposed, isLockKey } from './key-facts.ts';
import type { KeyFacts, ModifierFacts } from './key-facts.ts';
import { isCharacter, isCharacters, keysymOf } from './keysym.ts';
import type { Platform } from './platform.ts';

/** The names that `getModifierState` knows and keys have, with the key that stands for each. */
const MODIFIERS: ReadonlyMap<string, Key> = new Map([
  ['Shift', { code: 'ShiftLeft', keysym: 0xffe1 }],
  ['Control', { code: 'ControlLeft', keysym: 0xffe3 }],
  ['Alt', { code: 'AltLeft', keysym: 0xffe9 }],
  ['Meta', { code: 'MetaLeft', keysym: 0xffeb }],
]);
/** Windows says Control before AltGr, in the same instant. */
const ALT_GR_MS = 50;
/** As input frames want it. */
const CODE = /^[A-Za-z0-9]{1,32}$/;

interface Key {
  readonly code: string;
  readonly keysym: number;
}

interface Pressed {
  /** As it was sent. */
  readonly key: Key;
  /** What it is to `getModifierState`; null: no modifier. */
  readonly modifier: string | null;
}

/**
 * Turns keyboard events into keys that go down and up, over what systems do of their own: AltGr that
 * comes as Control and Alt, keys that never go up under Command, modifiers that went up elsewhere.
 */
export class KeyboardInput {
  readonly #sink: InputSink;
  readonly #platform: Platform;
  readonly #pressed = new Map<string, Pressed>();
  /** Modifiers that made a character and are let go at the host, though they are down here. */
  readonly #used = new Set<string>();
  #heldBack: { readonly facts: KeyFacts; readonly timer: ReturnType<typeof setTimeout> } | null =
    null;

  constructor(sink: InputSink, platform: Platform) {
    this.#sink = sink;
    this.#platform = platform;
  }

  /** A key went down. False: it is left to the page's text field, and to the browser. */
  down(facts: KeyFacts): boolean {
    const isAltGr = facts.code === 'AltRight' && facts.key === 'AltGraph';
    this.#sayHeldBack(isAltGr && this.#isSameInstant(facts));
    if (isComposed(facts) || isLockKey(facts)) return false;
    const modifier = MODIFIERS.has(facts.key) ? facts.key : null;
    this.#lift(facts, modifier);
    if (modifier === null && facts.key !== 'AltGraph') this.#prepare(facts);
    if (!CODE.test(facts.code) || isCharacters(facts.key)) return this.#type(facts);
    const isUnderCommand = this.#isUnderCommand(facts, modifier);
    if (facts.repeat && !isUnderCommand) return true;
    if (this.#platform === 'windows' && facts.code === 'ControlLeft') {
      const timer = setTimeout(() => this.#sayHeldBack(false), ALT_GR_MS);
      this.#heldBack = { facts, timer };
      return true;
    }
    this.#press(facts, modifier);
    if (isUnderCommand) this.#let(facts.code, facts.timeStamp);
    return true;
  }

  /** A key went up. False: it was none of those that were sent. */
  up(facts: KeyFacts): boolean {
    this.#sayHeldBack(false);
    this.#used.delete(facts.key);
    const wasPressed = this.#pressed.has(facts.code);
    // Windows tells of this key when it goes up alone.
    if (!wasPressed && facts.key === 'PrintScreen') this.#press(facts, null);
    this.#let(facts.code, facts.timeStamp);
    if (this.#platform === 'mac' && facts.key === 'Meta') this.#letCharacters(facts.timeStamp);
    this.#lift(facts, null);
    return wasPressed;
  }

  /** Modifiers as a pointer event knows them; `isAct`: a click or a wheel, which they change. */
  follow(facts: ModifierFacts, atMs: number, isAct: boolean): void {
    if (isAct) this.#sayHeldBack(false);
    const timed = {
      timeStamp: atMs,
      getModifierState: (name: string) => facts.getModifierState(name),
    };
    this.#lift(timed, null);
    if (isAct) this.#join(timed);
  }

  /** Presses and lets go of keys, the first one last. */
  chord(keys: readonly Key[], atMs: number): void {
    const sent = new Set([...this.#pressed.values()].map(({ key }) => key.code));
    const own = keys.filter(({ code }) => !sent.has(code));
    for (const { code, keysym } of own) this.#sink.key(code, keysym, true, atMs);
    for (const { code, keysym } of own.toReversed()) this.#sink.key(code, keysym, false, atMs);
  }

  /** Whether a modifier is sent as down. */
  holds(modifier: string): boolean {
    const standard = MODIFIERS.get(modifier)?.code;
    return [...this.#pressed.values()].some(
      (pressed) => pressed.modifier === modifier || pressed.key.code === standard,
    );
  }

  /** Forgets what is down; the sink has let go of it. */
  forget(): void {
    clearTimeout(this.#heldBack?.timer);
    this.#heldBack = null;
    this.#pressed.clear();
    this.#used.clear();
  }

  #press(facts: KeyFacts, modifier: string | null): void {
    const { code, timeStamp } = facts;
    // It went up where nobody told of it.
    this.#let(code, timeStamp);
    const key = this.#meant({ code, keysym: keysymOf(facts) });
    this.#pressed.set(code, { key, modifier });
    this.#sink.key(key.code, key.keysym, true, timeStamp);
  }

  /** The left Command does on a host what Control does there; the right one is Super. */
  #meant(key: Key): Key {
    const isCommand = this.#platform === 'mac' && key.code === 'MetaLeft';
    return isCommand ? { code: 'ControlLeft', keysym: 0xffe3 } : key;
  }

  #let(code: string, atMs: number): void {
    const pressed = this.#pressed.get(code);
    if (pressed === undefined) return;
    this.#pressed.delete(code);
    this.#sink.key(pressed.key.code, pressed.key.keysym, false, atMs);
  }

  #letCharacters(atMs: number): void {
    for (const [code, { modifier }] of [...this.#pressed]) {
      if (modifier === null) this.#let(code, atMs);
    }
  }

  /** A keyboard without places, as phones and remote desktops have: what it means is all there is. */
  #type(facts: KeyFacts): boolean {
    const { key, timeStamp } = facts;
    if (isCharacter(key) || isCharacters(key)) {
      this.#sink.text(key, timeStamp);
      return true;
    }
    const keysym = keysymOf(facts);
    if (keysym === 0 || !CODE.test(key)) return false;
    this.chord([{ code: key, keysym }], timeStamp);
    return true;
  }

  /** Modifiers before a key that they change. */
  #prepare(facts: KeyFacts): void {
    const { key } = facts;
    const isMade =
      isCharacter(key) &&
      (this.#platform === 'mac'
        ? facts.getModifierState('Alt') && !facts.getModifierState('Meta')
        : facts.getModifierState('AltGraph'));
    if (!isMade) {
      this.#join(facts);
      return;
    }
    // They have made this character, and would make a shortcut of it at the host.
    const makers = this.#platform === 'mac' ? ['Alt'] : ['Control', 'Alt'];
    for (const [code, { modifier }] of [...this.#pressed]) {
      if (modifier === null || !makers.includes(modifier)) continue;
      this.#used.add(modifier);
      this.#let(code, facts.timeStamp);
    }
  }

  /** Lets go of modifiers that are up by now. `except`: the one whose own event this is. */
  #lift(facts: ModifierFacts & { readonly timeStamp: number }, except: string | null): void {
    for (const [code, { modifier }] of [...this.#pressed]) {
      if (modifier === null || modifier === except) continue;
      if (!facts.getModifierState(modifier)) this.#let(code, facts.timeStamp);
    }
  }

  /** Presses modifiers that went down before this page was heard. */
  #join(facts: ModifierFacts & { readonly timeStamp: number }): void {
    if (facts.getModifierState('AltGraph')) return;
    for (const [modifier, standard] of MODIFIERS) {
      const isMissing = facts.getModifierState(modifier) && !this.holds(modifier);
      if (!isMissing || this.#used.has(modifier)) continue;
      const key = this.#meant(standard);
      this.#pressed.set(standard.code, { key, modifier });
      this.#sink.key(key.code, key.keysym, true, facts.timeStamp);
    }
  }

  /** macOS never tells that a key went up while Command is down. */
  #isUnderCommand(facts: KeyFacts, modifier: string | null): boolean {
    return this.#platform === 'mac' && modifier === null && facts.getModifierState('Meta');
  }

  #isSameInstant({ timeStamp }: KeyFacts): boolean {
    return this.#heldBack !== null && timeStamp - this.#heldBack.facts.timeStamp < ALT_GR_MS;
  }

  /** Sends the Control that waited to be seen as part of AltGr, unless it is. */
  #sayHeldBack(isAltGr: boolean): void {
    if (this.#heldBack === null) return;
    const { facts, timer } = this.#heldBack;
    clearTimeout(timer);
    this.#heldBack = null;
    if (!isAltGr) this.#press(facts, 'Control');
  }
}
