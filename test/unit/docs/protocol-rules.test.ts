import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const KINDS = [
  'ADDR',
  'ADOPT',
  'API',
  'AUDIT',
  'CAM',
  'CARRY',
  'CLIP',
  'CLUSTER',
  'CONSOLE',
  'CORS',
  'CTL',
  'DIAG',
  'DIR',
  'DOCKER',
  'EVENT',
  'FIG',
  'FLEET',
  'HOST',
  'HOSTILE',
  'ICE',
  'INPUT',
  'LAYER',
  'MEDIA',
  'NODE',
  'REC',
  'SCREEN',
  'SIG',
  'TRACE',
  'USER',
  'VIEW',
  'WEBHOOK',
  'WHEP',
  'WHIP',
];

const ID = `(?:${KINDS.join('|')})-\\d{2,3}`;

const isRow = new RegExp(`^\\| ${ID} `);

const read = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');
const found = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, id = '']) => id);

const [tables = ''] = read('docs/protocol.md').split('## Where we deviate');
const rows = found(tables, new RegExp(`^\\| (${ID}) +\\|`, 'gm'));
const rules = new Set(rows);

/** Rule ids in brackets, as test names have them, with the files that they stand in. */
const named = new Map<string, string[]>();
for (const path of globSync('test/**/*.{test,contract}.ts', { cwd: ROOT })) {
  for (const id of found(read(path), new RegExp(`\\[(${ID})\\]`, 'g'))) {
    named.set(id, [...(named.get(id) ?? []), path]);
  }
}

describe('docs/protocol.md', () => {
  test('has every rule once, and all kinds of them', () => {
    expect(rows.filter((id, index) => rows.indexOf(id) !== index)).toEqual([]);
    const kinds = new Set([...rules].map((id) => id.split('-')[0]));
    expect([...kinds].toSorted()).toEqual(KINDS);
  });

  test('has no rule without a test that names it', () => {
    expect([...rules].filter((id) => !named.has(id))).toEqual([]);
  });

  test('has every rule that a test names', () => {
    const unknown = [...named].filter(([id]) => !rules.has(id));
    expect(Object.fromEntries(unknown)).toEqual({});
  });

  test('has a level and a sentence that ends for every rule', () => {
    for (const line of tables.split('\n').filter((each) => isRow.test(each))) {
      const [, id = '', level = '', , sentence = ''] = line.split(/ *\| */);
      expect(level, id).toMatch(/^[MSYHCP]$/);
      expect(sentence, id).toMatch(/\.$/);
    }
  });
});
