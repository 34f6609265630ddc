import type { ReactNode } from 'react';
import type { Live } from '../console-context.ts';
import { explainAdminProblem } from '../admin-words.ts';
import { Notice } from '../../ui/notice.tsx';
import { Since } from './time.tsx';

/** What was read, or that it is being read, or why it cannot be had. */
export function ReadingView<T>({
  live: { reading, refresh },
  children,
}: {
  readonly live: Live<T>;
  readonly children: (value: T, readAtMs: number) => ReactNode;
}) {
  switch (reading.kind) {
    case 'loading':
      return (
        <p className="loading" role="status" data-testid="loading">
          <span className="spinner" aria-hidden="true" /> Asking the gateway…
        </p>
      );
    case 'failed':
      return (
        <div className="card stack" data-testid="failed">
          <Notice tone="problem">{explainAdminProblem(reading.problem)}</Notice>
          <div>
            <button type="button" onClick={() => void refresh()}>
              Try again
            </button>
          </div>
        </div>
      );
    case 'read':
      return (
        <>
          {reading.problem !== null && (
            <StaleNotice sinceMs={reading.readAtMs}>
              {explainAdminProblem(reading.problem)}
            </StaleNotice>
          )}
          {children(reading.value, reading.readAtMs)}
        </>
      );
    default:
      return reading satisfies never;
  }
}

function StaleNotice({
  sinceMs,
  children,
}: {
  readonly sinceMs: number;
  readonly children: string;
}) {
  return (
    <p className="notice stale" role="status" data-testid="stale">
      {children} What you see is <Since atMs={sinceMs} /> old.
    </p>
  );
}
