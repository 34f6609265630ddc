/** Strains that differ by less are alike: figures are seconds old and noisy. */
const STEP = 0.05;

/** Something that can be chosen. */
export interface Choice {
  /** 1 is all that it can carry. */
  readonly strain: number;
  readonly sessions: number;
}

/**
 * The freer one of two drawn by lot: nobody runs to the one that is the freest by figures of a moment
 * ago. Undefined of none.
 * @param random 0 up to 1.
 */
export function chooseOfTwo<T extends Choice>(
  choices: readonly T[],
  random: () => number,
): T | undefined {
  const first = Math.floor(random() * choices.length);
  const rest = choices.filter((_, index) => index !== first);
  const one = choices[first];
  const other = rest[Math.floor(random() * rest.length)];
  if (one === undefined || other === undefined) return one;
  return compare(other, one) < 0 ? other : one;
}

function compare(a: Choice, b: Choice): number {
  const steps = Math.floor(a.strain / STEP) - Math.floor(b.strain / STEP);
  return steps === 0 ? a.sessions - b.sessions : steps;
}
