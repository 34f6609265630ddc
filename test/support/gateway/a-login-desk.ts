import { Accounts } from '../../../gateway/accounts/accounts.ts';
import { KnownDevices } from '../../../gateway/accounts/known-devices.ts';
import { LoginDesk } from '../../../gateway/accounts/login-desk.ts';
import { Logins } from '../../../gateway/accounts/logins.ts';
import { MIGRATIONS } from '../../../gateway/accounts/migrations.ts';
import type { HashCost } from '../../../gateway/accounts/password-hash.ts';
import { Passwords } from '../../../gateway/accounts/passwords.ts';
import { aStore } from '../store/a-store.ts';

export const RULES = { idleMs: 60_000, longestMs: 600_000 };
const CHEAP: HashCost = { ln: 10, r: 8, p: 1 };

/** Anna's account, `a right password`, and who lets her in: on a real store, by a clock of the test's own. */
export async function aLoginDesk() {
  const clock = { now: 1_000_000 };
  const now = (): number => clock.now;
  const store = await aStore(MIGRATIONS);
  const accounts = new Accounts({ store, now });
  const logins = new Logins({ store, accounts, rules: RULES, now });
  const devices = new KnownDevices('a secret');
  const passwords = new Passwords(CHEAP);
  const desk = new LoginDesk({ accounts, logins, passwords, devices, now });
  const deskAt = (cost: HashCost): LoginDesk =>
    new LoginDesk({ accounts, logins, passwords: new Passwords(cost), devices, now });
  const hash = await passwords.hash('a right password');
  const anna = await accounts.add({ name: 'anna', role: 'viewer', rooms: '*', hash });
  const enter = (given: { address?: string; device?: string; name?: string; password?: string }) =>
    desk.enter({ name: 'anna', password: 'a wrong password', address: 'a', device: '', ...given });
  /** `in`, or the code of the refusal. */
  const outcome = (given: Parameters<typeof enter>[0]): Promise<string> =>
    enter(given).then(
      () => 'in',
      (error: unknown) => (error as { code?: string }).code ?? String(error),
    );
  return { clock, store, accounts, logins, passwords, desk, anna, enter, outcome, deskAt };
}
