/** What a text asks for; `policy` is what PixelCast asks of itself. */
export type Level = 'MUST' | 'SHOULD' | 'MAY' | 'policy';

/** Strictest first. */
export const LEVELS: readonly Level[] = ['MUST', 'SHOULD', 'MAY', 'policy'];

/** The strictest of these levels. */
export function strictest(levels: readonly Level[]): Level | undefined {
  return LEVELS.find((level) => levels.includes(level));
}
