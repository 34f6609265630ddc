const NAME =
  '[\\w-]{0,40}(?:token|secret|passw|authoriz|credential|signature|api[-_]?key)[\\w-]{0,40}';
const MASK = '***';

const RULES: readonly (readonly [RegExp, string])[] = [
  [/whsec_[A-Za-z0-9+/=_-]+/g, MASK],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, MASK],
  [/\bv1a?,[A-Za-z0-9+/=]{20,}/g, MASK],
  [/\b(Bearer|Basic) +[\w.~+/=-]+/gi, `$1 ${MASK}`],
  [new RegExp(`("${NAME}" *: *)"(?:[^"\\\\]|\\\\.)*"`, 'gi'), `$1"${MASK}"`],
  [new RegExp(`\\b(${NAME}=)[^\\s&"'<>;]+`, 'gi'), `$1${MASK}`],
];

/** A text for people's eyes: what looks like a secret, or is named like one, is `***` in it. */
export const maskSecrets = (text: string): string =>
  RULES.reduce((shown, [pattern, mask]) => shown.replace(pattern, mask), text);
