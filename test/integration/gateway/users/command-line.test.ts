import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ABrowser, PASSWORD } from '../../../support/gateway/a-browser.ts';
import { anEnvironment, aFolder, startGateway } from '../../../support/gateway/start-gateway.ts';
import { waitFor } from '../../../support/wait-for.ts';

const MAIN = fileURLToPath(new URL('../../../../gateway/users-main.ts', import.meta.url));

/** Runs `npm run users` with these words on an installation; resolves with what it said. */
async function users(DATA_DIR: string, words: readonly string[], input = '') {
  const env = { PATH: process.env['PATH'], ...anEnvironment({ DATA_DIR }) };
  const child = spawn(process.execPath, [MAIN, ...words], { env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
}

describe('[USER-27] npm run users', () => {
  test('makes the first administrator, whom a running gateway lets in, and out again', async () => {
    const DATA_DIR = aFolder();
    const { gateway } = await startGateway({ env: { DATA_DIR } });
    const added = await users(DATA_DIR, ['add', 'root'], `${PASSWORD}\n`);
    expect(added).toMatchObject({ code: 0, said: 'added: root  admin  all rooms\n' });
    const browser = new ABrowser(gateway);
    await waitFor(async () => (await browser.login('root')).status === 200, {
      timeoutMs: 20_000,
      everyMs: 300,
      what: 'the gateway to notice the account',
    });
    expect((await browser.send('GET', '/api/v1/users')).status).toBe(200);
    expect((await users(DATA_DIR, ['change', 'root', '--role', 'viewer'])).said).toContain('last');
    expect((await users(DATA_DIR, ['add', 'second'], `${PASSWORD}\n`)).code).toBe(0);
    const changed = await users(DATA_DIR, ['change', 'ROOT', '--rooms', 'demo,den']);
    expect(changed.said).toBe('changed: root  admin  demo,den\n');
    await waitFor(async () => (await browser.send('GET', '/api/v1/me')).status === 401, {
      timeoutMs: 20_000,
      what: 'the login to end',
    });
    expect((await users(DATA_DIR, ['list'])).said.trim().split('\n')).toHaveLength(2);
  });

  test.each([
    ['a short password', ['add', 'root'], 'short\n', 'password: must have at least 12 characters'],
    ['no password', ['add', 'root'], '', 'password: must have'],
    ['a role that is none', ['add', 'root', '--role', 'god'], `${PASSWORD}\n`, '--role'],
    [
      'an unknown account',
      ['password', 'nobody'],
      `${PASSWORD}\n`,
      'There is no account "nobody".',
    ],
    ['an unknown option', ['add', '--god'], '', '--god'],
  ])('says what is wrong with %s', async (_, words, input, sentence) => {
    const { code, said } = await users(aFolder(), words, input);
    expect([code, said]).toEqual([1, expect.stringContaining(sentence)]);
    expect(said).not.toContain(PASSWORD);
  });
});
