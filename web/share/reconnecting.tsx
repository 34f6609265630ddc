import { explainProblem } from '../core/problem.ts';
import type { SessionProblem } from '../core/problem.ts';
import { Notice } from '../ui/notice.tsx';
import { useSecondsUntil } from '../ui/use-seconds-until.ts';

/** A session to publish was lost: why, and when it is tried again; null: now. */
export function Reconnecting({
  problem,
  retryAtMs,
}: {
  readonly problem: SessionProblem;
  readonly retryAtMs: number | null;
}) {
  const seconds = useSecondsUntil(retryAtMs);
  return (
    <Notice tone="calm">
      {explainProblem(problem, 'publish')} Reconnecting
      <span aria-hidden="true">{seconds === null ? '…' : ` in ${seconds} s…`}</span>
    </Notice>
  );
}
