import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MediaSupply } from '../../../host-publisher/supervision/media-supply.ts';
import { isAlive } from '../../support/host/host-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const childPath = fileURLToPath(new URL('../../support/host/quiet-child.ts', import.meta.url));

describe('the supply of media processes', () => {
  it('gives the same one for twenty turns and another after them', async () => {
    const supply = new MediaSupply({ childPath });
    onTestFinished(() => supply.close());
    const turn = (): number => supply.take(() => undefined).pid;
    const first = turn();
    for (let turns = 2; turns <= 20; turns += 1) expect(turn()).toBe(first);
    const second = turn();
    expect(second).not.toBe(first);
    expect(turn()).toBe(second);
    await waitFor(() => !isAlive(first), { what: 'the first one to end' });
  });
});
