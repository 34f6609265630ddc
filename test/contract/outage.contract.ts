import { describe, expect } from 'vitest';
import { contractTest as test } from '../support/contract/contract-test.ts';
import { expectFailure } from '../support/contract/srs-target.ts';

/** What happens when one side is away: the hook receiver, or the server itself. */
export function describeOutage(): void {
  describe('hook receiver', () => {
    test('[SRS-7.2] a receiver that is down refuses everything at once', async ({ srs }) => {
      const { hooks, traits } = srs.target;
      await hooks.close();
      const askedAt = performance.now();
      expectFailure(await srs.whep(srs.newStream()), traits, 500, /^1018: StConnect$/);
      expectFailure(await srs.whip(srs.newStream()), traits, 401, /^1102: SystemAuth$/);
      expect(performance.now() - askedAt).toBeLessThan(15_000);
      await hooks.reopen();
      expect((await srs.whep(srs.newStream())).status).toBe(201);
    });
  });

  describe('server', () => {
    test('[SRS-2] a restart shows a new service id, the same server id, and no sessions', async ({
      srs,
      skip,
    }) => {
      const { restart } = srs.target;
      if (restart === null) return skip('this server is not the suite’s to restart');
      const stream = srs.newStream();
      await srs.opened(srs.whip(stream));
      const before = await srs.apiJson('/api/v1/versions');
      await restart();
      const after = await srs.apiJson('/api/v1/versions');
      expect(after['service']).not.toBe(before['service']);
      expect(after['server']).toBe(before['server']);
      expect(await srs.clientsOf(stream)).toEqual([]);
      await srs.opened(srs.whip(stream));
    });
  });
}
