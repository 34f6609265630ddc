import { writeFileSync } from 'node:fs';
import { readCommand, usage, UsageError } from './command-line.ts';
import { discover } from './discovery.ts';
import { HttpClient } from './http-client.ts';
import { toJson } from './report-json.ts';
import { formatTable } from './report-table.ts';
import { binding } from './result.ts';
import { runRules } from './runner.ts';
import { byNumber } from './rules/all-rules.ts';
import { ServerUnderTest } from './server-under-test.ts';

const TIMEOUT_MS = 15_000;

export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The whole command; resolves with the exit code. */
export async function run(args: readonly string[], { out, err }: Output): Promise<0 | 1 | 2> {
  try {
    const command = readCommand(args);
    if (command === null) {
      out(usage());
      return 0;
    }
    const { addresses, rules, json, media, origin, paceMs, patienceMs, withPolicy } = command;
    const manners = { paceMs, timeoutMs: TIMEOUT_MS };
    const endpoints = await discover(new HttpClient(manners), addresses);
    out(`WHIP ${endpoints.publish?.url ?? '-'}\nWHEP ${endpoints.watch?.url ?? '-'}\n\n`);
    const startedAt = new Date();
    const server = new ServerUnderTest({ endpoints, manners, media, origin, patienceMs });
    const ended = await runRules(rules, server, ({ outcome }) => {
      err(outcome === 'fail' ? 'F' : '.');
    }).finally(() => server.close());
    err('\n');
    const results = ended.toSorted(byNumber);
    const report = { endpoints, startedAt, endedAt: new Date(), results, withPolicy };
    if (json !== null) writeFileSync(json, toJson(report));
    out(formatTable(results, withPolicy));
    return binding(results, withPolicy).length === 0 ? 0 : 1;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    err(`conformance: ${message}\n`);
    if (error instanceof UsageError) err('Try --help.\n');
    return 2;
  }
}
