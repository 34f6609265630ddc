import type { SessionKind } from '../../protocol/session-kind.ts';

/** Time for a publisher to be back elsewhere before its viewers are sent after it. */
const FOLLOW_MS = 10_000;

/** How a node is emptied; epoch milliseconds. */
export interface DrainPlan {
  readonly startedAt: number;
  /** Until then sessions leave by themselves. */
  readonly deadlineAt: number;
  /** Time over which those that stayed are told to come again. */
  readonly spreadMs: number;
  /** How many there were. */
  readonly sessions: number;
}

/** Waits for the deadline, tells sessions to come again, or is done. */
export type DrainPhase = 'leaving' | 'moving' | 'done';

export function phaseOf(plan: DrainPlan, { now, left }: { now: number; left: number }): DrainPhase {
  if (left === 0) return 'done';
  return now < plan.deadlineAt ? 'leaving' : 'moving';
}

/**
 * When a session is told to come again. Viewers follow their publisher by themselves once it is live
 * elsewhere, and are told later only if they have not.
 * @param lot 0 up to 1, the same each time it is asked about a session.
 */
export const dueAt = (
  { deadlineAt, spreadMs }: DrainPlan,
  { lot, kind }: { lot: number; kind: SessionKind },
): number => deadlineAt + lot * spreadMs + (kind === 'watch' ? spreadMs + FOLLOW_MS : 0);
