/** One link of a `Link` header (RFC 8288 §3). */
export interface Link {
  readonly target: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** As it was written. */
  readonly text: string;
}

const LINK =
  /^\s*<([^>]*)>((?:\s*;\s*[\w!#$&+\-.^`|~*]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]+))?)*)\s*(?:,|$)/;
const PARAMETER = /;\s*([\w!#$&+\-.^`|~*]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]+)))?/g;

/** Reads all links of the header's lines; what does not parse is given back apart. */
export function readLinks(values: readonly string[] = []): {
  readonly links: readonly Link[];
  readonly malformed: readonly string[];
} {
  const links: Link[] = [];
  const malformed: string[] = [];
  for (const value of values) {
    let rest = value;
    while (rest.trim() !== '') {
      const match = LINK.exec(rest);
      if (match === null) {
        malformed.push(rest);
        break;
      }
      const [text, target = '', parameters = ''] = match;
      links.push({ target, parameters: readParameters(parameters), text: text.trim() });
      rest = rest.slice(text.length);
    }
  }
  return { links, malformed };
}

/** Links of a relation type; `rel` may name several. */
export function linksOf(links: readonly Link[], relation: string): readonly Link[] {
  return links.filter(({ parameters }) =>
    (parameters.get('rel') ?? '').split(/\s+/).includes(relation),
  );
}

function readParameters(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', quoted, plain] of text.matchAll(PARAMETER)) {
    const value = quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1');
    if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), value);
  }
  return found;
}
