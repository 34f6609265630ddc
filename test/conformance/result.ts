import type { Failure } from './findings.ts';
import type { Level } from './level.ts';

export type Outcome = 'pass' | 'fail' | 'not applicable';

/** What became of one rule. */
export interface Result {
  readonly id: string;
  /** Of a failure: the strictest part that failed. */
  readonly level: Level;
  readonly clause: string;
  readonly says: string;
  readonly outcome: Outcome;
  /** Why it is not applicable. */
  readonly reason?: string;
  readonly failures: readonly Failure[];
}

/** The rules whose failure fails the run. */
export function binding(results: readonly Result[], withPolicy: boolean): readonly Result[] {
  return results.filter(
    ({ outcome, level }) =>
      outcome === 'fail' && (level === 'MUST' || (withPolicy && level === 'policy')),
  );
}

/** How many rules of a level passed, failed or did not apply. */
export function countOf(results: readonly Result[], level: Level, outcome: Outcome): number {
  return results.filter((result) => result.level === level && result.outcome === outcome).length;
}
