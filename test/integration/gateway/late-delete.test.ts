import { expect, test } from 'vitest';
import { problemOf, startGateway } from '../../support/gateway/start-gateway.ts';

const locationOf = (reply: Response): string => reply.headers.get('location') ?? '';

test.each(['publish', 'watch'] as const)(
  '[WHIP-30] [WHIP-31] [WHEP-15] a client of a %s that closes its connection before DELETE gets 200 once, then 404',
  async (kind) => {
    const { gateway, srs } = await startGateway();
    const published = await gateway.whip();
    const location = locationOf(kind === 'publish' ? published : await gateway.whep());
    const client = [...srs.clients.values()].find((each) => each.kind === kind);
    if (client === undefined) throw new Error('no client');
    await srs.leave(client);

    const gone = await problemOf(await gateway.request('GET', location));
    expect(gone).toMatchObject({ status: 404, reason: 'left' });
    const first = await gateway.request('DELETE', location, { token: null });
    expect([first.status, await first.text()]).toEqual([200, '']);
    expect((await gateway.request('DELETE', location)).status).toBe(404);
  },
);

test('[WHIP-31] [WHIP-68] a late DELETE with a broken token is 401, and the end is not acknowledged', async () => {
  const { gateway, srs } = await startGateway();
  const location = locationOf(await gateway.whip());
  for (const client of srs.clients.values()) await srs.leave(client);
  expect((await gateway.request('DELETE', location, { token: 'x' })).status).toBe(401);
  expect((await gateway.request('DELETE', location)).status).toBe(200);
});
