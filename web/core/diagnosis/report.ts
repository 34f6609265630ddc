import type { Finding } from './finding.ts';
import type { Verdict } from './verdict.ts';

/** Who and where, without what would let others in. */
export interface ReportHead {
  readonly origin: string;
  readonly room: string;
  readonly source: string;
  readonly userAgent: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

const MARKS = { passed: 'ok  ', failed: 'FAIL', 'left-out': '-   ' } as const;

/** The diagnosis as text to hand on: no token, password or address of this machine is in it. */
export function writeReport(
  head: ReportHead,
  findings: readonly Finding[],
  verdict: Verdict | null,
): string {
  return [
    `PixelCast diagnosis, ${new Date(head.at).toISOString()}`,
    `${head.origin}, room ${head.room}, source ${head.source}`,
    head.userAgent,
    '',
    ...findings.flatMap(({ check, outcome, sentence, tookMs, details }) => [
      `${MARKS[outcome]} ${check}: ${sentence}${tookMs === null ? '' : ` (${tookMs} ms)`}`,
      ...details.map((detail) => `       ${detail}`),
    ]),
    '',
    ...(verdict === null ? [] : [verdict.sentence, verdict.advice]),
  ].join('\n');
}
