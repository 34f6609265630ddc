import type { Response } from 'express';
import type { Metrics } from '../observability/metrics.ts';
import type { SessionKind } from '../protocol/api.ts';
import type { Transport } from '../protocol/transport.ts';

/** Counts an attempt to open a session once its request is answered. */
export function countAttempt(
  metrics: Metrics,
  res: Response,
  { kind, transport }: { readonly kind: SessionKind; readonly transport: Transport },
): void {
  res.on('finish', () => {
    metrics.attempts.inc({ kind, transport, result: resultOf(res.statusCode) });
  });
}

const resultOf = (status: number): 'ok' | 'refused' | 'failed' => {
  if (status < 400) return 'ok';
  return status < 500 ? 'refused' : 'failed';
};
