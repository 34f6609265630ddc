import { expect, test } from 'vitest';
import { checkModel, failuresOf, ORIGIN } from './check-model.ts';

const outcomesOf = async (...given: Parameters<typeof checkModel>) => {
  const results = await checkModel(...given);
  expect(results.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
  return results.filter(({ outcome }) => outcome === 'not applicable').map(({ id }) => id);
};

test('a server that keeps all rules fails none', { timeout: 60_000 }, async () => {
  const skipped = await outcomesOf();
  // What only media, another configuration or an administrator can show.
  expect(skipped.toSorted()).toEqual(
    [
      ...['WHIP-21', 'WHIP-33', 'WHIP-34', 'WHIP-44', 'WHIP-50', 'WHIP-60', 'WHIP-61', 'WHIP-63'],
      ...['WHIP-71', 'WHIP-73', 'CORS-07', 'EVENT-09', 'LAYER-04'],
    ].toSorted(),
  );
});

test('a server with ICE restarts fails none', { timeout: 60_000 }, async () => {
  const skipped = await outcomesOf({ restarts: true });
  expect(skipped).not.toContain('WHIP-50');
  expect(skipped).toContain('WHIP-51');
});

test('a server for one web origin fails none', { timeout: 60_000 }, async () => {
  expect(await outcomesOf({ origin: ORIGIN })).not.toContain('CORS-07');
});

test('WHIP alone: nothing about WHEP applies', async () => {
  const results = await checkModel({}, { only: 'WHIP,WHEP' });
  expect(failuresOf(results)).toEqual([]);
});
