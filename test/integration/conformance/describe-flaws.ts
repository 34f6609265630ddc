import { describe, expect, test } from 'vitest';
import { checkModel, failuresOf } from './check-model.ts';
import type { Case } from './model/flaws-whip.ts';

/** Holds a model with each flaw against all rules: what the flaw breaks must fail, nothing else. */
export function describeFlaws(where: string, cases: readonly Case[]): void {
  describe(`a flaw of ${where} is found, and nothing else`, () => {
    test.concurrent.each(cases)('$name: $fails', { timeout: 120_000 }, async (flawed) => {
      const { fails, ...model } = flawed;
      expect(failuresOf(await checkModel(model))).toEqual([...fails].toSorted());
    });
  });
}
