/**
 * Whether an object in a JSON text names a member twice: readers take the first or the last, so a
 * signed text with two means two things (RFC 7519 §4). `parsed` is what `JSON.parse` made of it.
 */
export function hasDuplicateMembers(text: string, parsed: unknown): boolean {
  const names = text.match(/"(?:[^"\\]|\\.)*"\s*:?/g) ?? [];
  return names.filter((word) => word.endsWith(':')).length !== countMembers(parsed);
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, member) => sum + countMembers(member), own);
}
