import { test } from 'vitest';
import { SrsCaller } from './srs-caller.ts';
import type { SrsTarget } from './srs-target.ts';

const current: { target: SrsTarget | null } = { target: null };

/** The target that the following tests ask; one at a time in a test file. */
export function setTarget(target: SrsTarget | null): void {
  current.target = target;
}

/** A test that is handed a caller of the current target. */
export const contractTest = test.extend<{ srs: SrsCaller }>({
  srs: async ({ task }, use) => {
    if (current.target === null) throw new Error(`no target is running for ${task.name}`);
    const caller = new SrsCaller(current.target);
    await use(caller);
    await caller.cleanUp();
  },
});
