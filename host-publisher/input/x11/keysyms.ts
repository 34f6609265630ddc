import x11 from 'x11';

const UNICODE = 0x0100_0000;
const CONTROL_KEYSYMS: ReadonlyMap<string, number> = new Map([
  ['\b', 0xff08],
  ['\t', 0xff09],
  ['\n', 0xff0d],
  ['\r', 0xff0d],
  ['\u001b', 0xff1b],
]);

/** Keysyms that are older than Unicode's own, by their character: `(д) CYRILLIC …`. */
const LEGACY: ReadonlyMap<number, number> = new Map(
  Object.values(x11.keySyms).flatMap(({ code, description }) => {
    const character = /^\((.)\)/u.exec(description ?? '')?.[1];
    const isLegacy = code >= 0x100 && code < 0xfe00;
    return isLegacy && character !== undefined ? [[code, character.codePointAt(0) ?? 0]] : [];
  }),
);

/** The Unicode code point that a keysym types; null: none, as of Shift or F1. */
export function codePointOf(keysym: number): number | null {
  if ((keysym >= 0x20 && keysym <= 0x7e) || (keysym >= 0xa0 && keysym <= 0xff)) return keysym;
  if (keysym > UNICODE && keysym <= UNICODE + 0x10_ffff) return keysym - UNICODE;
  return LEGACY.get(keysym) ?? null;
}

/** One keysym for all that type the same character. */
export function canonical(keysym: number): number {
  const point = codePointOf(keysym);
  return point === null ? keysym : keysymOf(String.fromCodePoint(point));
}

/** The keysym that types a character. */
export function keysymOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  const isLatin1 = (point >= 0x20 && point <= 0x7e) || (point >= 0xa0 && point <= 0xff);
  return CONTROL_KEYSYMS.get(character) ?? (isLatin1 ? point : UNICODE + point);
}

/** Whether another modifier than is held may have to be held to type it. */
export const dependsOnLevel = (keysym: number): boolean =>
  codePointOf(keysym) !== null || (keysym >= 0xff80 && keysym <= 0xffbd);

/** A letter that has another case. */
export function isLetter(keysym: number): boolean {
  const point = codePointOf(keysym);
  const letter = point === null ? '' : String.fromCodePoint(point);
  return letter.toLowerCase() !== letter.toUpperCase();
}

/** The letter or digit that a key of the Latin keyboard is named after, as a keysym; null: none. */
export function latinOf(code: string): number | null {
  const name = /^(?:Key|Digit)([A-Z0-9])$/.exec(code)?.[1];
  return name === undefined ? null : keysymOf(name.toLowerCase());
}

/** Whether programs take it for a shortcut as it is. */
export const isLatin = (keysym: number): boolean =>
  keysym <= 0xff || (keysym >= 0xfe00 && keysym <= 0xffff) || keysym >= 0x1000_0000;
