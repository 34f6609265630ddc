const KEYPAD = { first: 0xffaa, last: 0xffb9, toCharacter: 0xff80 } as const;
const UNICODE = 0x0100_0000;
/** Of keys without a meaning: where they are on most keyboards. */
const PLACES: Readonly<Record<string, string>> = {
  Space: ' ',
  Equal: '=',
  Minus: '-',
  NumpadAdd: '+',
  NumpadSubtract: '-',
};

/** The character that a key means; null where it means none. */
export function characterOf(code: string, keysym: number): string | null {
  if (keysym === 0) return PLACES[code] ?? /^(?:Key|Digit|Numpad)(\w)$/.exec(code)?.[1] ?? null;
  if (keysym >= KEYPAD.first && keysym <= KEYPAD.last) {
    return String.fromCharCode(keysym - KEYPAD.toCharacter);
  }
  if (keysym >= UNICODE) return String.fromCodePoint(Math.min(keysym - UNICODE, 0x10_ffff));
  return keysym >= 0x20 && keysym <= 0xff ? String.fromCharCode(keysym) : null;
}

/** The X11 keysym of a character. */
export function keysymOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  return (point >= 0x20 && point <= 0x7e) || (point >= 0xa0 && point <= 0xff)
    ? point
    : UNICODE + point;
}
