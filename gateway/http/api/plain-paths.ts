/** A path without options, as OpenAPI writes it. */
export interface PlainPath {
  readonly path: string;
  /** Of its parameters. */
  readonly names: readonly string[];
  /** Tells the ways of writing it apart in the name of the operation. */
  readonly suffix: string;
}

/** `/a/:b{/:c}` is `/a/{b}` and `/a/{b}/{c}`. */
export function plainPaths(path: string): readonly PlainPath[] {
  const optional = /^(.*)\{(\/:(\w+))\}$/.exec(path);
  if (optional === null) return [plain(path, '')];
  const [, base = '', more = '', name = ''] = optional;
  return [plain(base, ''), plain(base + more, name.charAt(0).toUpperCase() + name.slice(1))];
}

function plain(path: string, suffix: string): PlainPath {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  return { path: path.replace(/:(\w+)/g, '{$1}'), names, suffix };
}
