import { expect, test } from 'vitest';
import { formatTable } from '../../conformance/report-table.ts';
import { toJson } from '../../conformance/report-json.ts';
import { binding } from '../../conformance/result.ts';
import { NotApplicable } from '../../conformance/not-applicable.ts';
import { rulesOf, type Row } from '../../conformance/rule.ts';
import { allRules, byNumber } from '../../conformance/rules/all-rules.ts';
import { runRules } from '../../conformance/runner.ts';
import { ServerUnderTest } from '../../conformance/server-under-test.ts';

const check = async (...rows: readonly Row[]) =>
  runRules(
    rulesOf('WHIP', rows),
    new ServerUnderTest({
      endpoints: {},
      manners: { paceMs: 0, timeoutMs: 100 },
      media: false,
      origin: 'https://a.example',
      patienceMs: 100,
    }),
  );

test('a rule passes, fails, or does not apply', async () => {
  const results = await check(
    ['01', 'MUST', '§1', 'passes', () => undefined],
    ['02', 'MUST', '§1', 'fails', ({ seen }) => seen.must(false, 'a 500')],
    ['03', 'MUST', '§1', 'is skipped', ({ server }) => void server.endpoint('watch')],
  );
  expect(results.map(({ outcome }) => outcome)).toEqual(['pass', 'fail', 'not applicable']);
  expect(results[2]?.reason).toBe('no WHEP URL');
});

test('a failure has the level of the strictest part that failed', async () => {
  const [result] = await check([
    '01',
    'MUST',
    '§1',
    'mixed',
    ({ seen }) => {
      seen.policy(false, 'odd');
      seen.should(false, 'rude');
    },
  ]);
  expect(result).toMatchObject({ outcome: 'fail', level: 'SHOULD' });
});

test('a check that breaks is a failure, and the next rule is checked', async () => {
  const results = await check(
    ['01', 'SHOULD', '§1', 'breaks', () => Promise.reject(new Error('no answer'))],
    ['02', 'MUST', '§1', 'passes', () => undefined],
  );
  expect(results[0]).toMatchObject({ outcome: 'fail', level: 'SHOULD' });
  expect(results[0]?.failures).toEqual([{ level: 'SHOULD', saw: 'no answer' }]);
  expect(results[1]?.outcome).toBe('pass');
});

test('failures count although the rest does not apply', async () => {
  const [result] = await check([
    '01',
    'MUST',
    '§1',
    'mixed',
    ({ seen }) => {
      seen.must(false, 'a 500');
      throw new NotApplicable('no session');
    },
  ]);
  expect(result?.outcome).toBe('fail');
});

test('MUST binds, policy only when it is asked for, SHOULD never', async () => {
  const results = await check(
    ['01', 'SHOULD', '§1', 'fails', ({ seen }) => seen.should(false, 'x')],
    ['02', 'policy', '§1', 'fails', ({ seen }) => seen.policy(false, 'x')],
    ['03', 'MUST', '§1', 'fails', ({ seen }) => seen.must(false, 'x')],
  );
  expect(binding(results, false).map(({ id }) => id)).toEqual(['WHIP-03']);
  expect(binding(results, true).map(({ id }) => id)).toEqual(['WHIP-02', 'WHIP-03']);
  expect(formatTable(results, true)).toContain('Does not conform: 2 binding rules fail.');
});

test('the report for machines has every rule and no token', async () => {
  const results = await check(['01', 'MUST', '§1', 'passes', () => undefined]);
  const at = new Date(0);
  const endpoints = { publish: { url: 'http://a/whip', token: 'secret-token' } };
  const json = toJson({ endpoints, startedAt: at, endedAt: at, results, withPolicy: false });
  expect(JSON.parse(json)).toMatchObject({
    whip: 'http://a/whip',
    whep: null,
    conforms: true,
    results: [{ id: 'WHIP-01', outcome: 'pass', level: 'MUST', clause: 'RFC 9725 §1' }],
  });
  expect(json).not.toContain('secret-token');
});

test('every rule has an id of its own, and they sort by number', () => {
  const ids = allRules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const sorted = allRules.toSorted(byNumber).map(({ id }) => id);
  expect(sorted[0]).toBe('WHIP-01');
  expect(sorted.indexOf('WHIP-73')).toBeLessThan(sorted.indexOf('CORS-01'));
  expect(sorted.at(-1)).toBe('LAYER-04');
});
