import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';

const SCRIPT = fileURLToPath(new URL('../../../srs/start-srs.sh', import.meta.url));
const HOOK_SECRET = 'a-hook-secret-of-24-chars';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pixelcast-start-srs-'));
  mkdirSync(join(folder, 'objs'));
  mkdirSync(join(folder, 'data', 'node'), { recursive: true });
  const pretended = join(folder, 'objs', 'srs');
  writeFileSync(pretended, '#!/bin/sh\npwd\necho "$@"\nenv\n');
  chmodSync(pretended, 0o755);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

interface Run {
  readonly code: Promise<number>;
  stdout: string;
  stderr: string;
}

/** The script with a pretended SRS that prints its folder, arguments and environment. */
function start(settings: Readonly<Record<string, string>> = {}, ...args: string[]): Run {
  const env = { PATH: process.env['PATH'], SRS_HOME: folder, DATA_DIR: join(folder, 'data') };
  const child = spawn('sh', [SCRIPT, ...args], { env: { ...env, ...settings } });
  const run: Run = {
    code: once(child, 'close').then(([code]) => Number(code)),
    stdout: '',
    stderr: '',
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (run.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (run.stderr += text));
  return run;
}

const given = { HOOK_SECRET, SRS_API_PASSWORD: 'pass' };

it('explains itself', async () => {
  const run = start({}, '--help');
  expect(await run.code).toBe(0);
  expect(run.stdout).toContain('MEDIA_CANDIDATE');
});

it('starts SRS in its folder with our configuration, on loopback unless told otherwise', async () => {
  const run = start(given);
  expect(await run.code, run.stderr).toBe(0);
  const [cwd, args, ...env] = run.stdout.split('\n');
  expect(cwd).toBe(folder);
  expect(args).toMatch(/^-c \/.*\/srs\/srs\.conf$/);
  expect(env).toEqual(
    expect.arrayContaining([
      'SRS_HTTP_API_LISTEN=127.0.0.1:1985',
      'SRS_HTTP_API_AUTH_USERNAME=gateway',
      'SRS_HTTP_API_AUTH_PASSWORD=pass',
      'SRS_RTC_SERVER_LISTEN=8000',
      'SRS_RTC_SERVER_CANDIDATE=*',
      'SRS_LISTEN=127.0.0.1:1935',
      `SRS_VHOST_HTTP_HOOKS_ON_PUBLISH=http://127.0.0.1:8080/api/srs/publish?secret=${HOOK_SECRET}`,
    ]),
  );
});

it('waits for the secrets that the gateway creates', async () => {
  const run = start({ MEDIA_CANDIDATE: '192.0.2.7', MEDIA_PORT: '9000' });
  await waitFor(() => run.stderr.includes('waiting for'), { what: 'the script to wait' });
  writeFileSync(join(folder, 'data', 'node', 'hook-secret'), `${HOOK_SECRET}\n`);
  writeFileSync(join(folder, 'data', 'node', 'srs-api-password'), 'kept\n');
  expect(await run.code, run.stderr).toBe(0);
  expect(run.stdout).toContain(`/stop?secret=${HOOK_SECRET}\n`);
  expect(run.stdout).toContain('SRS_HTTP_API_AUTH_PASSWORD=kept\n');
  expect(run.stdout).toContain('SRS_RTC_SERVER_CANDIDATE=192.0.2.7\n');
  expect(run.stdout).toContain('SRS_RTC_SERVER_LISTEN=9000\n');
});

it.each([
  ['192.0.2.7,192.0.2.8', '192.0.2.7'],
  ['[2001:db8::7]:9000, 192.0.2.7:9000', '192.0.2.7'],
  ['2001:db8::7', '*'],
  ['media.example.org', 'media.example.org'],
  ['media.example.org:9000', '*'],
  ['*', '*'],
])('[ADDR-09] of MEDIA_CANDIDATE=%s SRS announces %s', async (MEDIA_CANDIDATE, announced) => {
  const run = start({ ...given, MEDIA_CANDIDATE });
  expect(await run.code, run.stderr).toBe(0);
  expect(run.stdout).toContain(`SRS_RTC_SERVER_CANDIDATE=${announced}\n`);
});

it('says who is to do what when the secrets do not come', async () => {
  const run = start({ SECRET_WAIT: '1' });
  expect(await run.code).toBe(1);
  expect(run.stderr).toContain('Start the gateway');
  expect(run.stderr).toContain('HOOK_SECRET_FILE');
});

it('keeps a secret whole in the hook’s URL, whatever is in it', async () => {
  const secret = 'a b&c#d/é?%;=+ and more';
  const run = start({ ...given, HOOK_SECRET: secret });
  expect(await run.code, run.stderr).toBe(0);
  const [, hook = ''] = /^SRS_VHOST_HTTP_HOOKS_ON_PLAY=(.*)$/m.exec(run.stdout) ?? [];
  expect(new URL(hook).searchParams.get('secret')).toBe(secret);
  expect(hook).not.toMatch(/[ ;]/);
});

it('prints no secret', async () => {
  const run = start(given);
  await run.code;
  expect(run.stderr).toContain('API 127.0.0.1:1985');
  expect(run.stderr).not.toContain(HOOK_SECRET);
});

it.each([
  ['no SRS there', { ...given, SRS_HOME: '/nowhere' }, 'Set SRS_HOME'],
  ['no configuration there', { ...given, SRS_CONF: '/nowhere' }, 'Set SRS_CONF'],
  ['no port', { ...given, MEDIA_PORT: 'udp' }, 'not a port'],
  ['a password that SRS cannot take', { ...given, SRS_API_PASSWORD: 'a:b' }, 'cannot take'],
])('refuses: %s', async (_what, settings, sentence) => {
  const run = start(settings);
  expect(await run.code).toBe(1);
  expect(run.stderr).toContain(sentence);
});

it('refuses an argument that it does not know', async () => {
  const run = start(given, '--verbose');
  expect(await run.code).toBe(1);
  expect(run.stderr).toContain('--help');
});
