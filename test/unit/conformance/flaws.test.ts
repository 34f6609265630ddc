import { expect, test } from 'vitest';
import { allRules } from '../../conformance/rules/all-rules.ts';
import { corsFlaws } from '../../integration/conformance/model/flaws-cors.ts';
import { sessionFlaws } from '../../integration/conformance/model/flaws-session.ts';
import { extensionFlaws, whepFlaws } from '../../integration/conformance/model/flaws-whep.ts';
import { whipFlaws } from '../../integration/conformance/model/flaws-whip.ts';

/** Found with media alone (30, 34), by time (53), or never to be seen from outside. */
const WITHOUT_FLAW = [
  ...['WHIP-33', 'WHIP-34', 'WHIP-44', 'WHIP-53', 'WHIP-64', 'WHIP-71', 'WHIP-73'],
  ...['WHEP-09', 'WHEP-18', 'EVENT-09', 'LAYER-04'],
];

test('every other rule has a flaw that it finds', () => {
  const all = [whipFlaws, sessionFlaws, whepFlaws, corsFlaws, extensionFlaws].flat();
  const found = new Set(all.flatMap(({ fails }) => fails).map((failure) => failure.split(' ')[0]));
  const never = allRules.map(({ id }) => id).filter((id) => !found.has(id));
  expect(never.toSorted()).toEqual(WITHOUT_FLAW.toSorted());
});
