import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { MediaSupply } from '../../../host-publisher/supervision/media-supply.ts';
import { isAlive } from '../../support/host/host-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const childPath = fileURLToPath(new URL('../../support/host/quiet-child.ts', import.meta.url));

it('gives the same media process turn after turn, and another once that is gone', async () => {
  const supply = new MediaSupply({ childPath });
  onTestFinished(() => supply.close());
  const turn = (): number => supply.take(() => undefined).pid;
  const first = turn();
  for (let turns = 0; turns < 100; turns += 1) expect(turn()).toBe(first);
  process.kill(first, 'SIGKILL');
  const second = await waitFor(
    () => {
      const pid = turn();
      return pid !== first && pid;
    },
    { what: 'another process' },
  );
  expect(isAlive(second)).toBe(true);
});
