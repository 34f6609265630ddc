import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startFakeSrs } from '../../support/gateway/fake-srs.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';
import { waitFor } from '../../support/wait-for.ts';

const MAIN = fileURLToPath(new URL('../../../gateway/main.ts', import.meta.url));

test('[LIFE-2] stops by itself when the npm that started it is gone: a SIGTERM reaches only npm’s shell', async () => {
  const srs = await startFakeSrs();
  const shell = spawn('sh', ['-c', `"${process.execPath}" "${MAIN}" & echo pid=$!; wait`], {
    env: {
      PATH: process.env['PATH'],
      npm_lifecycle_event: 'start',
      PORT: '0',
      DATA_DIR: aFolder(),
      SRS_NODES: srs.url,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const pid = await waitFor(() => output.includes('Administer') && /pid=(\d+)/.exec(output)?.[1], {
    timeoutMs: 15_000,
    what: 'the gateway to be ready',
  });
  onTestFinished(() => {
    if (isRunning(pid)) process.kill(Number(pid), 'SIGKILL');
  });
  shell.kill('SIGTERM');
  await waitFor(() => !isRunning(pid), { timeoutMs: 10_000, what: 'the gateway to end' });
  expect(output).toContain('npm is gone');
});

/** A zombie has ended: nobody is left here to reap it. */
function isRunning(pid: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
