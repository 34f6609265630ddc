import type { Level } from './level.ts';

/** Something that is not as a rule has it. */
export interface Failure {
  readonly level: Level;
  readonly saw: string;
}

/** What one check saw. A part of a rule may bind less than the rule as a whole. */
export class Findings {
  readonly failures: Failure[] = [];

  must(holds: boolean, saw: string): void {
    this.#note('MUST', holds, saw);
  }

  should(holds: boolean, saw: string): void {
    this.#note('SHOULD', holds, saw);
  }

  may(holds: boolean, saw: string): void {
    this.#note('MAY', holds, saw);
  }

  policy(holds: boolean, saw: string): void {
    this.#note('policy', holds, saw);
  }

  /** Takes over what was seen elsewhere, under a heading. */
  take(heading: string, other: Findings): void {
    for (const { level, saw } of other.failures) this.#note(level, false, `${heading}: ${saw}`);
  }

  #note(level: Level, holds: boolean, saw: string): void {
    if (!holds) this.failures.push({ level, saw });
  }
}
