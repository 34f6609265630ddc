import { describe, expect, test } from 'vitest';
import { KnownDevices } from '../../../../gateway/accounts/known-devices.ts';
import { LoginDesk } from '../../../../gateway/accounts/login-desk.ts';
import { SharedTries } from '../../../../gateway/accounts/shared-tries.ts';
import type { Script } from '../../../../gateway/redis/redis-link.ts';
import { LIMITS } from '../../../../gateway/limits/limits.ts';
import { aLoginDesk, RULES } from '../../../support/gateway/a-login-desk.ts';

const RIGHT = { password: 'a right password' };

describe('[USER-18] who guesses a password', () => {
  test.each(['anna', 'nobody'])(
    'of %s waits after five, also when all come at once, and the right one is not looked at',
    async (name) => {
      const { outcome } = await aLoginDesk();
      const all = await Promise.all(Array.from({ length: 12 }, () => outcome({ name })));
      expect(all.filter((one) => one === 'password-invalid')).toHaveLength(5);
      expect(all.filter((one) => one === 'rate-limited')).toHaveLength(7);
      expect(await outcome({ name, ...RIGHT })).toBe('rate-limited');
    },
  );

  test('is let try again when the pause is over, and waits longer after the next', async () => {
    const { outcome, enter, clock } = await aLoginDesk();
    for (let n = 0; n < 5; n += 1) await outcome({});
    await expect(enter(RIGHT)).rejects.toMatchObject({ retryAfterSeconds: 1 });
    clock.now += 1_000;
    expect(await outcome({})).toBe('password-invalid');
    await expect(enter(RIGHT)).rejects.toMatchObject({ retryAfterSeconds: 2 });
    clock.now += 2_000;
    expect(await outcome(RIGHT)).toBe('in');
  });

  test('keeps nobody at another address out', async () => {
    const { outcome } = await aLoginDesk();
    for (let n = 0; n < 6; n += 1) await outcome({ address: 'a' });
    expect(await outcome({ address: 'b', ...RIGHT })).toBe('in');
  });

  test('[USER-19] from everywhere, for ever, keeps out no browser that anna has logged in with', async () => {
    const { outcome, enter, clock } = await aLoginDesk();
    const { device } = await enter({ address: 'home', ...RIGHT });
    for (let n = 0; n < 500; n += 1) {
      await outcome({ address: `bot ${n}` });
      clock.now += 100;
    }
    expect(await outcome({ address: 'new', ...RIGHT })).toBe('rate-limited');
    expect(await outcome({ address: 'home', device, ...RIGHT })).toBe('in');
    clock.now += LIMITS.lockOutOfAllMs;
    expect(await outcome({ address: 'new', ...RIGHT })).toBe('in');
  });

  test('[USER-19] by a known browser waits as everybody', async () => {
    const { outcome, enter } = await aLoginDesk();
    const { device } = await enter(RIGHT);
    for (let n = 0; n < 5; n += 1) await outcome({ device, address: `${n}` });
    expect(await outcome({ device, ...RIGHT })).toBe('rate-limited');
  });
});

describe('[USER-16] a password at login', () => {
  test('has its hash made anew when its cost has changed, without the end of anything', async () => {
    const { accounts, anna, deskAt, enter, logins } = await aLoginDesk();
    const { login } = await enter(RIGHT);
    const tried = { name: 'anna', address: 'a', device: '', ...RIGHT };
    await deskAt({ ln: 11, r: 8, p: 1 }).enter(tried);
    expect(accounts.byId(anna.id)?.hash).toContain('$ln=11,');
    await accounts.load();
    expect(accounts.byId(anna.id)).toMatchObject({ version: anna.version });
    expect(accounts.byId(anna.id)?.hash).toContain('$ln=11,');
    expect(logins.isOpen(login.id)).toBe(true);
  });

  test('is worth nothing when the account goes while it is checked', async () => {
    const { accounts, anna, desk, passwords } = await aLoginDesk();
    const { promise: checked, resolve } = Promise.withResolvers<undefined>();
    const verify = passwords.verify.bind(passwords);
    passwords.verify = async (...given) => {
      const verdict = await verify(...given);
      await checked;
      return verdict;
    };
    const tried = desk.enter({ name: 'anna', address: 'a', device: '', ...RIGHT });
    await accounts.delete(anna);
    resolve(undefined);
    await expect(tried).rejects.toMatchObject({ code: 'password-invalid' });
  });
});

describe('[USER-23] a login', () => {
  test('ends when nobody asks for so long, and after its longest time whatever happens', async () => {
    const { enter, logins, clock } = await aLoginDesk();
    const { cookie } = await enter(RIGHT);
    clock.now += RULES.idleMs + 1;
    expect(logins.find(cookie)).toBeUndefined();
    const { cookie: next, login } = await enter(RIGHT);
    while (clock.now + RULES.idleMs < logins.endOf(login)) {
      clock.now += RULES.idleMs;
      expect(logins.find(next)).toBeDefined();
    }
    clock.now = logins.endOf(login);
    expect([logins.find(next), logins.isOpen(login.id)]).toEqual([undefined, false]);
  });

  test('that has ended is forgotten, also on disk', async () => {
    const { enter, logins, clock, store } = await aLoginDesk();
    await enter(RIGHT);
    clock.now += RULES.idleMs + 1;
    await logins.tidy();
    expect([logins.size, await store.all('SELECT * FROM logins')]).toEqual([0, []]);
  });

  test('once more than an account may have ends the one that was not seen for longest', async () => {
    const { enter, logins, clock } = await aLoginDesk();
    const cookies: string[] = [];
    for (let n = 0; n <= LIMITS.loginsPerAccount; n += 1) {
      cookies.push((await enter(RIGHT)).cookie);
      clock.now += 1;
    }
    const [first = '', ...rest] = cookies;
    expect(logins.find(first)).toBeUndefined();
    expect(rest.every((cookie) => logins.find(cookie) !== undefined)).toBe(true);
  });
});

describe('[CLUSTER-57] who guesses at several gateways', () => {
  test('waits as all of them say together, and as this one counts while Redis is away', async () => {
    const { accounts, logins, passwords, clock } = await aLoginDesk();
    const said = { wait: 700 as number | undefined, forgotten: 0 };
    const link = {
      isReady: true,
      run: (script: Script) => {
        if (script.text.includes("'DEL', unpack")) said.forgotten += 1;
        return said.wait === undefined
          ? Promise.reject(new Error('away'))
          : Promise.resolve(said.wait);
      },
    };
    const desk = new LoginDesk({
      ...{ accounts, logins, passwords, now: () => clock.now },
      devices: new KnownDevices('a secret'),
      tries: new SharedTries(link, 'a secret'),
    });
    const enter = (password: string) =>
      desk.check({ name: 'anna', password, address: 'a', device: '' }).then(
        () => 'in',
        (error: unknown) => (error as { code?: string }).code,
      );
    expect(await enter(RIGHT.password)).toBe('rate-limited');
    said.wait = 0;
    for (let n = 0; n < LIMITS.passwordsFree; n += 1)
      expect(await enter('wrong')).toBe('password-invalid');
    said.wait = undefined;
    expect(await enter(RIGHT.password)).toBe('rate-limited');
    said.wait = 0;
    expect([await enter(RIGHT.password), said.forgotten]).toEqual(['in', 1]);
  });
});
