import { LEVELS } from './level.ts';
import { binding, countOf, type Result } from './result.ts';

const MARK = { pass: 'pass', fail: 'FAIL', 'not applicable': 'n/a' } as const;

/** One rule as a line, and what was seen below it. */
export function formatResult(result: Result): string {
  const { id, level, outcome, clause, says, reason, failures } = result;
  const line = `${id.padEnd(9)} ${level.padEnd(6)} ${MARK[outcome].padEnd(4)} ${says} (${clause})`;
  const details = failures.map((failure) =>
    failure.level === level ? failure.saw : `${failure.saw} [${failure.level}]`,
  );
  if (reason !== undefined) details.push(reason);
  return [line, ...details.map((detail) => `${' '.repeat(22)}- ${detail}`)].join('\n');
}

/** The table of all rules and the sum below it. */
export function formatTable(results: readonly Result[], withPolicy: boolean): string {
  const sums = LEVELS.map((level) => {
    const count = (outcome: Result['outcome']): number => countOf(results, level, outcome);
    return `${level.padEnd(7)} ${count('pass')} pass, ${count('fail')} fail, ${count('not applicable')} n/a`;
  });
  const failed = binding(results, withPolicy).length;
  const verdict =
    failed === 0
      ? 'Conforms: no binding rule fails.'
      : `Does not conform: ${failed} binding ${failed === 1 ? 'rule fails' : 'rules fail'}.`;
  return [...results.map(formatResult), '', ...sums, verdict, ''].join('\n');
}
