import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Records answers of a real Docker engine for `replay-engine.ts`:
 * `node test/support/docker/record.ts [/var/run/docker.sock]`. It makes two containers of
 * debian:bookworm-slim (one with our label, one of somebody else) and removes them.
 */
const SOCKET = process.argv[2] ?? '/var/run/docker.sock';
const FOLDER = fileURLToPath(new URL('recorded/', import.meta.url));
const NAMES = { ours: 'pixelcast-recorded', other: 'pixelcast-recorded-other' };
const SCRIPT = 'for i in 1 2 3; do echo line $i; echo warning $i >&2; done; sleep 600';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

function ask(method: string, path: string, stopAfterMs = 0): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const req = request({ socketPath: SOCKET, method, path }, (res) => {
      const chunks: Buffer[] = [];
      const done = (): void => {
        resolve({
          status: res.statusCode ?? 0,
          type: res.headers['content-type'] ?? '',
          body: Buffer.concat(chunks),
        });
        req.destroy();
      };
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', done);
      if (stopAfterMs > 0) setTimeout(done, stopAfterMs);
    });
    req.on('error', reject);
    req.end();
  });
}

const docker = (...words: string[]): string => spawnSync('docker', words).stdout.toString().trim();

/** Where this engine keeps things says nothing about engines. */
const neutral = (text: string): string =>
  text
    .replaceAll(docker('info', '-f', '{{.DockerRootDir}}'), '/var/lib/docker')
    .replace(/"[^"]*\/exec\/netns\//g, '"/var/run/docker/netns/');

function keep(name: string, answer: Answer, isText = answer.type.includes('json')): void {
  const text = answer.body.toString();
  const shown = isText ? { text: neutral(text) } : { base64: answer.body.toString('base64') };
  const record = { status: answer.status, type: answer.type, ...shown };
  writeFileSync(`${FOLDER}${name}.json`, `${JSON.stringify(record, undefined, 2)}\n`);
}

mkdirSync(FOLDER, { recursive: true });
docker('rm', '-f', NAMES.ours, NAMES.other);
const run = (name: string, ...more: string[]): string =>
  docker(
    'run',
    '-d',
    '--init',
    '--name',
    name,
    ...more,
    'debian:bookworm-slim',
    'sh',
    '-c',
    SCRIPT,
  );
const events = ask(
  'GET',
  '/events?filters=' + encodeURIComponent('{"label":["pixelcast.node"]}'),
  4_000,
);
await wait(300);
const ours = run(
  NAMES.ours,
  '--label',
  'pixelcast.node=1985',
  '-e',
  'HOOK_SECRET=recorded-secret',
  '-m',
  '64m',
);
const other = run(NAMES.other);
await wait(1_000);
const filters = encodeURIComponent('{"label":["pixelcast.node"]}');
keep('version', await ask('GET', '/version'));
keep('list', await ask('GET', `/containers/json?all=true&filters=${filters}`));
keep('list-of-all', await ask('GET', '/containers/json?all=true'));
keep('inspect', await ask('GET', `/containers/${ours}/json`));
keep('inspect-other', await ask('GET', `/containers/${other}/json`));
keep('inspect-missing', await ask('GET', `/containers/${'0'.repeat(64)}/json`));
keep('stats', await ask('GET', `/containers/${ours}/stats?stream=false&one-shot=true`));
keep(
  'logs',
  await ask('GET', `/containers/${ours}/logs?stdout=true&stderr=true&timestamps=true&tail=6`),
);
keep('start-again', await ask('POST', `/containers/${ours}/start`));
keep('stop', await ask('POST', `/containers/${ours}/stop?t=1`));
keep('list-stopped', await ask('GET', `/containers/json?all=true&filters=${filters}`));
keep('stats-stopped', await ask('GET', `/containers/${ours}/stats?stream=false&one-shot=true`));
keep('image-missing', await ask('GET', '/images/nobody%2Fnothing:1/json'));
await wait(1_500);
keep('events', await events);
docker('rm', '-f', NAMES.ours, NAMES.other);
