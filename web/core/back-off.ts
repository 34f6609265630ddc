/** Pauses before one comes again, ms: from the first to the last. */
export interface BackOff {
  readonly first: number;
  readonly last: number;
}

/** The pause after `failures` in a row before this one: doubled each time, half of it by chance. */
export function backOffMs({ first, last }: BackOff, failures: number, random: number): number {
  const longest = Math.min(last, first * 2 ** Math.min(failures, 20));
  return longest / 2 + (longest / 2) * random;
}
