import type { Findings } from './findings.ts';
import type { Kind } from './kind.ts';
import type { Level } from './level.ts';
import type { ServerUnderTest } from './server-under-test.ts';

/** What a check gets: the server, where to write down what it saw, and which endpoint is meant. */
export interface Given {
  readonly server: ServerUnderTest;
  readonly seen: Findings;
  readonly kind: Kind;
}

/** One numbered rule of docs/protocol.md. */
export interface Rule {
  readonly id: string;
  readonly level: Level;
  /** Section of the text, as in `RFC 9725 §4.2`. */
  readonly clause: string;
  readonly says: string;
  /** @throws NotApplicable when the server, or the command line, gives nothing to check. */
  readonly check: (given: Given) => Promise<void> | void;
}

const RFC = 'RFC 9725';

/** Rules of one kind of endpoint, from short rows: `[number, level, clause, says, check]`. */
export type Row = readonly [string, Level, string, string, Rule['check']];

/** Rows as rules: `WHIP` and `07` become `WHIP-07`; a clause that starts with `§` is one of `text`. */
export function rulesOf(prefix: string, rows: readonly Row[], text = RFC): readonly Rule[] {
  return rows.map(([number, level, clause, says, check]) => ({
    id: `${prefix}-${number}`,
    level,
    clause: clause.startsWith('§') ? `${text} ${clause}` : clause,
    says,
    check,
  }));
}
