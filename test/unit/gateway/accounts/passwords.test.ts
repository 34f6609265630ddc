import { describe, expect, test } from 'vitest';
import { HashQueue } from '../../../../gateway/accounts/hash-queue.ts';
import { parseHash } from '../../../../gateway/accounts/password-hash.ts';
import { HASH_COST, Passwords } from '../../../../gateway/accounts/passwords.ts';
import { LIMITS } from '../../../../gateway/limits/limits.ts';

const CHEAP = { ln: 10, r: 8, p: 1 };

describe('[USER-16] a password', () => {
  test('is kept as scrypt made it, with its cost and a salt of its own', async () => {
    const passwords = new Passwords();
    const [one, other] = await Promise.all([
      passwords.hash('a password'),
      passwords.hash('a password'),
    ]);
    expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.toBe(other);
    expect(await passwords.verify('a password', one)).toEqual({ isRight: true, isStale: false });
    expect(await passwords.verify('a Password', one)).toEqual({ isRight: false, isStale: false });
  });

  test('is the same from every keyboard', async () => {
    const passwords = new Passwords(CHEAP);
    const hash = await passwords.hash('Ångström ﬁ');
    expect((await passwords.verify('A\u030angstro\u0308m fi', hash)).isRight).toBe(true);
  });

  test('whose hash costs something else is right, and is to be made anew', async () => {
    const hash = await new Passwords(CHEAP).hash('a password');
    const today = new Passwords({ ln: 11, r: 8, p: 1 });
    expect(await today.verify('a password', hash)).toEqual({ isRight: true, isStale: true });
    expect(await today.verify('another', hash)).toEqual({ isRight: false, isStale: false });
  });

  test('of nobody is never right, and is checked all the same', async () => {
    const passwords = new Passwords(CHEAP);
    const checked = passwords.verify('', undefined);
    expect(passwords.size).toBe(1);
    expect(await checked).toEqual({ isRight: false, isStale: false });
  });

  test.each([
    '',
    'plain',
    '$scrypt$ln=40,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    '$scrypt$ln=15,r=8,p=1$AA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  ])('is not looked at where its hash is %j', (text) => {
    expect(() => parseHash(text)).toThrow('cannot be read');
  });

  test('costs 32 MiB', () => {
    expect(128 * HASH_COST.r * 2 ** HASH_COST.ln).toBe(32 * 1024 * 1024);
  });
});

describe('[USER-17] passwords that are checked', () => {
  test('are few at once and wait in line; more than that are told to come again', async () => {
    const queue = new HashQueue();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    let running = 0;
    const work = async (): Promise<number> => {
      running += 1;
      await promise;
      return running--;
    };
    const all = LIMITS.passwordsAtOnce + LIMITS.passwordsWaiting;
    const runs = Array.from({ length: all }, () => queue.run(work));
    await expect(queue.run(work)).rejects.toMatchObject({ code: 'capacity', retryAfterSeconds: 5 });
    expect(running).toBe(LIMITS.passwordsAtOnce);
    resolve(undefined);
    expect(Math.max(...(await Promise.all(runs)))).toBe(LIMITS.passwordsAtOnce);
    expect(queue.size).toBe(0);
  });

  test('leave their place when they fail', async () => {
    const queue = new HashQueue();
    const fail = () => queue.run(() => Promise.reject(new Error('no memory')));
    for (let n = 0; n < 8; n += 1) await expect(fail()).rejects.toThrow('no memory');
    expect(await queue.run(() => Promise.resolve('next'))).toBe('next');
  });
});
