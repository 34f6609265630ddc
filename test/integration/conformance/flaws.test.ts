import { describe, expect, test } from 'vitest';
import { allRules } from '../../conformance/rules/all-rules.ts';
import { checkModel, failuresOf } from './check-model.ts';
import { corsFlaws } from './model/flaws-cors.ts';
import { sessionFlaws } from './model/flaws-session.ts';
import { extensionFlaws, whepFlaws } from './model/flaws-whep.ts';
import { whipFlaws, type Case } from './model/flaws-whip.ts';

const groups: Readonly<Record<string, readonly Case[]>> = {
  'the WHIP endpoint': whipFlaws,
  sessions: sessionFlaws,
  'the WHEP endpoint': whepFlaws,
  CORS: corsFlaws,
  extensions: extensionFlaws,
};

describe.each(Object.entries(groups))('a flaw of %s is found, and nothing else', (_, cases) => {
  test.concurrent.each(cases)('$name: $fails', { timeout: 60_000 }, async ({ fails, ...model }) => {
    expect(failuresOf(await checkModel(model))).toEqual([...fails].toSorted());
  });
});

/** Rules that fail for no model without media, or that nobody can check from outside. */
const ELSEWHERE = ['WHIP-33', 'WHIP-34', 'WHIP-44', 'WHIP-53', 'WHIP-64', 'WHIP-71', 'WHIP-73'];

test('every rule has a flaw that it finds', () => {
  const found = new Set(
    Object.values(groups)
      .flat()
      .flatMap(({ fails }) => fails),
  );
  const ids = new Set([...found].map((failure) => failure.split(' ')[0]));
  const never = allRules.map(({ id }) => id).filter((id) => !ids.has(id));
  expect(never.toSorted()).toEqual(
    [...ELSEWHERE, 'WHEP-09', 'WHEP-18', 'EVENT-09', 'LAYER-04'].toSorted(),
  );
});
