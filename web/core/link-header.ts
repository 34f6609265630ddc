/** One target of a `Link` header (RFC 8288 §3). */
export interface Link {
  readonly target: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** `<target>`, then parameters whose values may be quoted and hold commas. */
const LINK = /<([^<>]*)>((?:\s*;\s*[\w!#$%&'*+.^`|~-]+\s*=\s*(?:"[^"]*"|[^\s",;]+))*)/g;
const PARAMETER = /;\s*([^\s=;]+)\s*=\s*(?:"([^"]*)"|([^\s",;]+))/g;

/** The first link of a relation; browsers hand over all lines as one, joined by commas. */
export function findLink(header: string | null, rel: string): Link | null {
  for (const [, target = '', text = ''] of (header ?? '').matchAll(LINK)) {
    const pairs = [...text.matchAll(PARAMETER)].map(
      ([, name = '', quoted, plain]) => [name.toLowerCase(), quoted ?? plain ?? ''] as const,
    );
    const parameters = new Map(pairs);
    if (parameters.get('rel')?.split(' ').includes(rel) === true) return { target, parameters };
  }
  return null;
}
