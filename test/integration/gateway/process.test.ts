import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { hmacKey } from '../../../gateway/auth/keys.ts';
import { Tokens } from '../../../gateway/auth/tokens.ts';
import { startFakeSrs } from '../../support/gateway/fake-srs.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';

const MAIN = fileURLToPath(new URL('../../../gateway/main.ts', import.meta.url));
const LINKS = fileURLToPath(new URL('../../../gateway/links-main.ts', import.meta.url));

interface Run {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<number | null>;
}

/** The gateway as its users run it, with nothing of this process's environment but the path. */
function run(env: Record<string, string>, args: string[] = [], script = MAIN): Run {
  const child = fork(script, args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  });
  const [out, err]: [string[], string[]] = [[], []];
  child.stdout?.on('data', (chunk) => out.push(String(chunk)));
  child.stderr?.on('data', (chunk) => err.push(String(chunk)));
  const ended = once(child, 'close').then(() => child.exitCode);
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, out: () => out.join(''), err: () => err.join(''), ended };
}

test('starts, prints working links, keeps its secrets private, and exits 0 on SIGTERM', async () => {
  const srs = await startFakeSrs();
  const folder = aFolder();
  const gateway = run({ PORT: '0', DATA_DIR: folder, SRS_NODES: srs.url });
  await expect.poll(gateway.out, { timeout: 10_000 }).toContain('Administer');
  const watch = /Watch it +(\S+)\/watch\/demo#token=(\S+)/.exec(gateway.out());
  const [, url = '', token = ''] = watch ?? [];
  const reply = await fetch(`${url}/api/v1/rooms/demo`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(reply.status).toBe(200);
  for (const name of ['jwt-secret', 'node/hook-secret', 'node/srs-api-password']) {
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  }
  gateway.child.kill('SIGTERM');
  expect(await gateway.ended).toBe(0);
  expect(gateway.err()).toBe('');
}, 20_000);

test('prints no links on a public address', async () => {
  const srs = await startFakeSrs();
  const gateway = run({ PORT: '0', HOST: '0.0.0.0', DATA_DIR: aFolder(), SRS_NODES: srs.url });
  await expect.poll(gateway.out, { timeout: 10_000 }).toContain('npm run links');
  expect(gateway.out()).not.toContain('#token=');
  gateway.child.kill('SIGINT');
  expect(await gateway.ended).toBe(0);
}, 20_000);

test('a wrong configuration ends it with 1 and every problem, and no value of a secret', async () => {
  const gateway = run({
    PORT: 'x',
    LOG_LEVEL: 'loud',
    JWT_SECRET: 'tooshort',
    DATA_DIR: aFolder(),
  });
  expect(await gateway.ended).toBe(1);
  for (const name of ['PORT', 'LOG_LEVEL', 'JWT_SECRET']) expect(gateway.err()).toContain(name);
  expect(gateway.err()).not.toContain('tooshort');
  expect(gateway.err()).not.toContain('    at ');
}, 20_000);

test('a busy port ends it with 1 and says what to do', async () => {
  const srs = await startFakeSrs();
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as AddressInfo;
  const gateway = run({ PORT: String(port), DATA_DIR: aFolder(), SRS_NODES: srs.url });
  expect(await gateway.ended).toBe(1);
  expect(gateway.err()).toContain(`Another program uses the port already`);
  expect(gateway.err()).toContain(String(port));
  expect(gateway.err()).not.toContain('    at ');
}, 20_000);

test('--help says how to run it', async () => {
  const gateway = run({}, ['--help']);
  expect(await gateway.ended).toBe(0);
  expect(gateway.out()).toContain('npm start');
}, 20_000);

test('of several that start at once with an empty folder all have the same secret', async () => {
  const env = { DATA_DIR: aFolder() };
  const runs = Array.from({ length: 4 }, () => run(env, ['party'], LINKS));
  for (const { ended } of runs) expect(await ended).toBe(0);
  const links = runs.map(({ out }) => /watch\/party#token=(\S+)/.exec(out())?.[1] ?? '');
  const secret = readFileSync(join(env.DATA_DIR, 'jwt-secret'), 'utf8').trim();
  const tokens = new Tokens(hmacKey(secret));
  for (const link of links) expect(await tokens.verify(link)).toMatchObject({ room: 'party' });
  expect(new Set(links).size).toBe(4);
}, 20_000);

test('links for a room that cannot be are refused in a sentence', async () => {
  const links = run({ DATA_DIR: aFolder() }, ['no/room'], LINKS);
  expect(await links.ended).toBe(1);
  expect(links.err()).toContain('A room name has 1 to 64 letters');
  expect(links.err()).not.toContain('    at ');
}, 20_000);
