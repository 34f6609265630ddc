import { afterAll, beforeAll, describe } from 'vitest';
import { setTarget } from '../support/contract/contract-test.ts';
import type { SrsTarget } from '../support/contract/srs-target.ts';
import { describeHooks } from './hooks.contract.ts';
import { describeJsonApi } from './json-api.contract.ts';
import { describeMediaLife } from './media-life.contract.ts';
import { describeOutage } from './outage.contract.ts';
import { describeSessionLife } from './session-life.contract.ts';
import { describeSignalling } from './signalling.contract.ts';
import { describeSteering } from './steering.contract.ts';

/** SRS's contract (srs.md §15) as one suite of bodies, run against whatever `open` starts. */
export function describeSrsContract(name: string, open: () => Promise<SrsTarget>): void {
  describe(name, () => {
    let target: SrsTarget | null = null;
    beforeAll(async () => {
      target = await open();
      setTarget(target);
    });
    afterAll(async () => {
      setTarget(null);
      await target?.close();
    });
    describe('signalling', describeSignalling);
    describe('hooks', describeHooks);
    describe('HTTP API', describeJsonApi);
    describe('media life', describeMediaLife);
    describe('session life', describeSessionLife);
    describeSteering();
    // Last: it takes the hook receiver and the server away.
    describe('outage', describeOutage);
  });
}
