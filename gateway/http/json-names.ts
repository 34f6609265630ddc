const NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Whether any object in parsed JSON has a member that JavaScript has a use of its own for (X40): no
 * schema of ours has one, and a careless copy would change every object.
 */
export function hasOwnName(parsed: unknown): boolean {
  // Not a reviver, which costs three times as much and overflows on deep nests.
  const waiting = [parsed];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value) && Object.keys(value).some((name) => NAMES.has(name))) return true;
    for (const inner of Object.values(value)) waiting.push(inner);
  }
  return false;
}
