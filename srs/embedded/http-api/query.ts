/**
 * SRS's reading of a query: cut at every `=`, `,`, `&` and `;`, then taken in pairs. Nothing is
 * percent-decoded, and of duplicates the last one wins.
 */
export function parseQuery(query: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const parts = query.split(/&&|[=,&;]/);
  for (let at = 0; at < parts.length; at += 2) values.set(parts[at] ?? '', parts[at + 1] ?? '');
  return values;
}
