/** What of a `KeyboardEvent` counts here. */
export interface KeyFacts extends ModifierFacts {
  readonly code: string;
  readonly key: string;
  readonly location: number;
  readonly repeat: boolean;
  readonly isComposing: boolean;
  /** 229: an input method has the key. */
  readonly keyCode: number;
  readonly timeStamp: number;
}

/** What keyboard, mouse and pointer events know of modifiers. */
export interface ModifierFacts {
  getModifierState(modifier: string): boolean;
}

const IME_KEY_CODE = 229;
const LOCK_KEYS: ReadonlySet<string> = new Set(['CapsLock', 'NumLock', 'ScrollLock', 'FnLock']);
/** They steer the input method of this machine, whose text is sent. */
const INPUT_METHOD_KEYS: ReadonlySet<string> = new Set([
  ...['Process', 'Dead', 'Alphanumeric', 'CodeInput', 'Convert', 'NonConvert', 'ModeChange'],
  ...['AllCandidates', 'PreviousCandidate', 'NextCandidate', 'SingleCandidate', 'FinalMode'],
  ...['GroupFirst', 'GroupLast', 'GroupNext', 'GroupPrevious', 'HangulMode', 'HanjaMode'],
  ...['JunjaMode', 'Eisu', 'Hankaku', 'Hiragana', 'HiraganaKatakana', 'KanaMode', 'KanjiMode'],
  ...['Katakana', 'Romaji', 'Zenkaku', 'ZenkakuHankaku', 'Fn'],
]);

/** Whether an input method has this key, or it begins a composed character: text will come of it. */
export const isComposed = ({ key, keyCode, isComposing }: KeyFacts): boolean =>
  isComposing || keyCode === IME_KEY_CODE || INPUT_METHOD_KEYS.has(key);

/** What it does shows in the keys after it, and another machine's lock is its own. */
export const isLockKey = ({ key }: KeyFacts): boolean => LOCK_KEYS.has(key);
