import { describe, test } from 'vitest';
import { namedSrsNodes, openSrsNode } from '../support/contract/srs-node-target.ts';
import { describeSrsContract } from './srs-api.contract.ts';

const nodes = namedSrsNodes();

for (const node of nodes) {
  describeSrsContract(`SRS at ${new URL(node).host}`, () => openSrsNode(node));
}

describe.runIf(nodes.length === 0)('SRS', () => {
  test('the contract against a real SRS', ({ skip }) => skip('SRS_NODES names no server'));
});
