/** An operation's path with its parameters; `{/:name}` only where there is one. */
export function fillPath(path: string, params: unknown = {}): string {
  const values = params as Readonly<Record<string, unknown>>;
  return path
    .replace(/\{([^}]*:(\w+)[^}]*)\}/g, (_, part: string, name: string) =>
      values[name] === undefined ? '' : part,
    )
    .replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name])));
}
