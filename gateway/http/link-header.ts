/** One target of a `Link` header (RFC 8288 §3). */
export interface Link {
  readonly target: string;
  readonly rel: string;
  /** Further parameters, written in this order. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * One `Link` field line, in the only form that all known WHIP and WHEP parsers read: one target,
 * `rel` first, every value quoted, one blank after each `;`, nothing behind the last.
 * @throws RangeError on a character that some parser would split at
 */
export function formatLink({ target, rel, parameters = {} }: Link): string {
  if (!TARGET.test(target)) throw new RangeError('The target of a Link is no plain URL.');
  const pairs = Object.entries({ rel, ...parameters }).map(([name, value]) => {
    if (!NAME.test(name) || !VALUE.test(value)) {
      throw new RangeError(`The Link parameter ${name} has a character that parsers split at.`);
    }
    return `; ${name}="${value}"`;
  });
  return `<${target}>${pairs.join('')}`;
}

/** No blank, comma, semicolon, quote or angle bracket. */
const TARGET =
  /^[A-Za-z][A-Za-z0-9+.-]*:[\w\-.~:/?#[\]@!$&'()*+=%]+$|^\/[\w\-.~][\w\-.~:/?#@!$&'()*+=%]*$/;
const NAME = /^[a-z][a-z-]*$/;
const VALUE = /^[A-Za-z0-9+/=:._,-]+$/;
