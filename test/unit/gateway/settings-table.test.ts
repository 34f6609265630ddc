import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Settings } from '../../../gateway/config/schema.ts';
import { renderSettingsTable } from '../../../gateway/config/table.ts';

const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');

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

test('every setting has a sentence that ends', () => {
  for (const [name, field] of Object.entries(Settings.shape)) {
    expect(field.description, name).toMatch(/^[A-Z`].*\.$/s);
    expect(field.description, name).not.toContain('|');
  }
});

test('the README has the settings of the schema: names, order, defaults, sentences', () => {
  const [, given = ''] =
    /<!-- settings:start -->\n([\s\S]*?)<!-- settings:end -->/.exec(README) ?? [];
  expect(cellsOf(given), 'print it with renderSettingsTable()').toEqual(
    cellsOf(renderSettingsTable()),
  );
});

test('the table shows defaults as they are written in the environment', () => {
  const rows = new Map(cellsOf(renderSettingsTable()).map(([name, value]) => [name, value]));
  expect(rows.get('`PORT`')).toBe('`8080`');
  expect(rows.get('`CORS_ORIGINS`')).toBe('`*`');
  expect(rows.get('`METRICS_PUBLIC`')).toBe('`false`');
  expect(rows.get('`JWT_SECRET`')).toBe('');
});
