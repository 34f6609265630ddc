import { KEYPAD_CHARACTERS, NAMED_KEYS } from './keysym-table.ts';

const KEYPAD = 3;
const FIRST_FUNCTION_KEY = 0xffbe;
const KEYPAD_ZERO = 0xffb0;
/** Keysyms of characters beyond Latin-1 are their code points with this bit: X11 protocol, appendix A. */
const UNICODE = 0x0100_0000;

/** The X11 keysym of a key as `KeyboardEvent` tells it; 0: X11 has no word for it. */
export function keysymOf({
  key,
  location,
}: {
  readonly key: string;
  readonly location: number;
}): number {
  const functionKey = /^F([1-9]|[12]\d|3[0-5])$/.exec(key);
  if (functionKey !== null) return FIRST_FUNCTION_KEY + Number(functionKey[1]) - 1;
  const named = NAMED_KEYS.get(key);
  if (named !== undefined) return named[location] ?? named[0];
  const [character = '', ...others] = key;
  if (character === '' || others.length > 0) return 0;
  return location === KEYPAD
    ? (keypadKeysym(character) ?? characterKeysym(character))
    : characterKeysym(character);
}

/** Whether a key is one character, as `KeyboardEvent.key` tells it. */
export const isCharacter = (key: string): boolean =>
  key !== '' && String.fromCodePoint(key.codePointAt(0) ?? 0) === key;

/** Whether a key is several characters at once, as in some layouts; names of keys are ASCII. */
export const isCharacters = (key: string): boolean => !isCharacter(key) && /[^\x20-\x7e]/.test(key);

/** The X11 keysym of a character. */
export function characterKeysym(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  const isLatin1 = (point >= 0x20 && point <= 0x7e) || (point >= 0xa0 && point <= 0xff);
  return isLatin1 ? point : UNICODE | point;
}

const keypadKeysym = (character: string): number | undefined =>
  /^\d$/.test(character) ? KEYPAD_ZERO + Number(character) : KEYPAD_CHARACTERS.get(character);
