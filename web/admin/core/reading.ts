import type { SessionProblem } from '../../core/problem.ts';

/** What is known of something that the gateway was asked for. */
export type Reading<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly problem: SessionProblem }
  /** `problem`: why it could not be read anew since; null while it can. */
  | {
      readonly kind: 'read';
      readonly value: T;
      readonly readAtMs: number;
      readonly problem: SessionProblem | null;
    };

/** What a page says of itself in `data-state`. */
export function readingState(reading: Reading<unknown>): 'loading' | 'failed' | 'stale' | 'ready' {
  if (reading.kind !== 'read') return reading.kind;
  return reading.problem === null ? 'ready' : 'stale';
}

/** The same of something that is part of it. */
export function mapReading<T, U>(reading: Reading<T>, pick: (value: T) => U): Reading<U> {
  return reading.kind === 'read' ? { ...reading, value: pick(reading.value) } : reading;
}
