import { Findings } from './findings.ts';
import type { Kind } from './kind.ts';
import { strictest } from './level.ts';
import { NotApplicable } from './not-applicable.ts';
import type { Result } from './result.ts';
import type { Rule } from './rule.ts';
import type { ServerUnderTest } from './server-under-test.ts';

/** Checks one rule after another: a server that publishes one source at a time allows no more. */
export async function runRules(
  rules: readonly Rule[],
  server: ServerUnderTest,
  onResult: (result: Result) => void = () => undefined,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const rule of rules) {
    const result = await check(rule, server);
    await server.tidy();
    results.push(result);
    onResult(result);
  }
  return results;
}

async function check(rule: Rule, server: ServerUnderTest): Promise<Result> {
  const { id, clause, says } = rule;
  const seen = new Findings();
  let reason: string | undefined;
  try {
    await rule.check({ server, seen, kind: kindOf(rule) });
  } catch (error) {
    if (error instanceof NotApplicable) reason = error.message;
    else seen.failures.push({ level: rule.level, saw: failureOf(error) });
  }
  const { failures } = seen;
  const level = strictest(failures.map((failure) => failure.level)) ?? rule.level;
  if (failures.length > 0) return { id, level, clause, says, outcome: 'fail', failures };
  if (reason === undefined) return { id, level, clause, says, outcome: 'pass', failures };
  return { id, level, clause, says, outcome: 'not applicable', reason, failures };
}

const failureOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const kindOf = ({ id }: Rule): Kind => (id.startsWith('WHIP-') ? 'publish' : 'watch');
