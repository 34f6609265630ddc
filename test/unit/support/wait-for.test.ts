import { expect, test } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';

test('resolves with the first answer that is something', async () => {
  let asked = 0;
  const answer = await waitFor(() => (asked += 1) === 3 && 'third', { what: 'it', everyMs: 1 });
  expect(answer).toBe('third');
});

test('says what it waited for, and why it was not so', async () => {
  const ask = (): never => {
    throw new Error('not connected');
  };
  const failure = waitFor(ask, { what: 'the viewer', timeoutMs: 10, everyMs: 1 });
  await expect(failure).rejects.toThrow('waited 10 ms for the viewer');
  await expect(failure).rejects.toMatchObject({ cause: { message: 'not connected' } });
});
