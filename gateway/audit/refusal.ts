import type { ProblemCode } from '../protocol/problem.ts';

/** A request that was not granted. Nothing of it that gives rights is in here. */
export interface Refusal {
  readonly code: ProblemCode;
  readonly status: number;
  readonly method: string;
  /** What kind of address was asked for, never the address itself: it may hold a session's secret. */
  readonly route: string;
  readonly room: string | undefined;
  readonly address: string;
  readonly subject: string | undefined;
  /** The `X-Request-Id` of the answer. */
  readonly request: string | undefined;
}
