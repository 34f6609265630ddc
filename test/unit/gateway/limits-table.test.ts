import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderLimits } from '../../../gateway/limits/table.ts';

const DOCUMENT = readFileSync(new URL('../../../docs/security.md', import.meta.url), 'utf8');

/** The cells of a table's rows; prettier may have padded them. */
const cellsOf = (table: string): string[][] =>
  table
    .trim()
    .split('\n')
    .filter((line) => !/^\|[\s|:-]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );

test.each([
  ['limit-settings', renderLimits().settings],
  ['limits', renderLimits().fixed],
])('docs/security.md has the %s of the code: names, numbers, words', (mark, expected) => {
  const between = new RegExp(`<!-- ${mark}:start -->\\n([\\s\\S]*?)<!-- ${mark}:end -->`);
  const [, given = ''] = between.exec(DOCUMENT) ?? [];
  expect(cellsOf(given), 'print it with renderLimits()').toEqual(cellsOf(expected));
});
