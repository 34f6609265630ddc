import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../../gateway/limits/limits.ts';
import { ABrowser, aLoggedIn, aUser, PASSWORD } from '../../../support/gateway/a-browser.ts';
import { startGateway } from '../../../support/gateway/start-gateway.ts';

const from = (address: string): Record<string, string> => ({
  'x-forwarded-for': address,
  'x-forwarded-proto': 'https',
});

async function aGateway() {
  const { gateway } = await startGateway({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
  await aUser(gateway);
  return gateway;
}

describe('[USER-17] a flood of logins', () => {
  test('is refused beyond what waits, and who joins and who is logged in notice nothing', async () => {
    const gateway = await aGateway();
    const anna = await aLoggedIn(gateway);
    const flood = Array.from({ length: 120 }, (_, n) =>
      new ABrowser(gateway, from(`198.51.${Math.floor(n / 100)}.${n % 100}`)).login(
        `name${n}`,
        PASSWORD,
      ),
    );
    let isOver = false;
    const replies = Promise.all(flood).finally(() => (isOver = true));
    expect((await anna.send('GET', '/api/v1/me')).status).toBe(200);
    const join = await gateway.whip('demo');
    expect([join.status, isOver]).toEqual([201, false]);
    const statuses = (await replies).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([401, 503]));
    expect(statuses.filter((status) => status === 401).length).toBeGreaterThanOrEqual(30);
  });

  test('from one address is held to its rate', async () => {
    const gateway = await aGateway();
    const flood = Array.from({ length: LIMITS.loginsPerAddress + 10 }, (_, n) =>
      new ABrowser(gateway, from('192.0.2.1')).login(`name${n}`),
    );
    const statuses = (await Promise.all(flood)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  });
});
