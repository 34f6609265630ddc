import type { Response } from 'express';
import type { Metrics } from '../observability/metrics.ts';
import type { ProblemCode } from '../protocol/problem.ts';
import type { SessionKind } from '../protocol/session-kind.ts';
import type { Transport } from '../protocol/transport.ts';

/** Counts an attempt to open a session once its request is answered, and why it was refused. */
export function countAttempt(
  metrics: Metrics,
  res: Response,
  { kind, transport }: { readonly kind: SessionKind; readonly transport: Transport },
): void {
  res.on('finish', () => {
    metrics.attempts.inc({ kind, transport, result: resultOf(res.statusCode) });
    const code = res.locals['code'] as ProblemCode | undefined;
    if (code !== undefined) metrics.sessionRefusals.inc({ kind, transport, code });
  });
}

const resultOf = (status: number): 'ok' | 'refused' | 'failed' => {
  if (status < 400) return 'ok';
  return status < 500 ? 'refused' : 'failed';
};
