import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { openTestBrowser } from '../../support/browser/test-browser.ts';
import { readTimeCode } from '../../support/browser/time-code.ts';
import { isAlive } from '../../support/host/host-process.ts';
import { descendantsOf } from '../../support/process-family.ts';
import { waitFor } from '../../support/wait-for.ts';

const MAIN = fileURLToPath(new URL('../../../host-publisher/demo/main.ts', import.meta.url));
const VIDEO = '[data-testid="video"]';
const { PATH, HOME, XDG_CACHE_HOME = '' } = process.env;

class DemoProcess {
  readonly child: ChildProcess;
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'pixelcast-demo-'));
  output = '';

  constructor(argv: readonly string[], settings: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [MAIN, ...argv], {
      env: { PATH, HOME, XDG_CACHE_HOME, DATA_DIR: this.#dataDir, MEDIA_PORT: '0', ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
  }

  link(): Promise<string> {
    return waitFor(() => /http:\/\/127\S+\/watch\/demo#token=\S+/.exec(this.output)?.[0], {
      timeoutMs: 20_000,
      what: 'the link',
    });
  }

  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, 'exit');
    }
    rmSync(this.#dataDir, { recursive: true, force: true });
    return this.child.exitCode;
  }
}

let demo: DemoProcess;
afterEach(async () => {
  demo.child.kill('SIGTERM');
  await demo.ended();
});

test('the printed link shows the cube turning; Ctrl+C ends everything', async () => {
  demo = new DemoProcess(['--no-open', '--port', '0'], { CS_WIDTH: '640', CS_HEIGHT: '360' });
  const browser = await openTestBrowser();
  try {
    const page = await browser.open(await demo.link());
    const first = await waitFor(() => readTimeCode(page, VIDEO), {
      timeoutMs: 30_000,
      what: 'a time code',
    });
    await waitFor(async () => ((await readTimeCode(page, VIDEO))?.frame ?? 0) > first.frame, {
      what: 'a later frame',
    });
  } finally {
    await browser.close();
  }
  const family = descendantsOf(demo.child.pid ?? 0);
  expect(family.length).toBeGreaterThanOrEqual(4);
  demo.child.kill('SIGINT');
  expect(await demo.ended(), demo.output).toBe(0);
  expect(family.filter(isAlive)).toEqual([]);
});

test('a port that is in use is said, and another one is taken', async () => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  try {
    demo = new DemoProcess(['--no-open', '--port', String(port)]);
    expect(new URL(await demo.link()).port).not.toBe(String(port));
    expect(demo.output).toContain(`Port ${port} (TCP) is in use; `);
  } finally {
    other.close();
  }
});

test('without GStreamer’s plugins it says what to install, and ends', async () => {
  demo = new DemoProcess(['--no-open', '--port', '0'], {
    // Nor is there an apt-get.
    PATH: '/nowhere',
    GST_PLUGIN_SYSTEM_PATH_1_0: '/nowhere',
    GST_REGISTRY_1_0: join(tmpdir(), `pixelcast-no-plugins-${process.pid}`),
  });
  expect(await demo.ended(), demo.output).toBe(3);
  expect(demo.output).toContain('apt-get install');
});

test.each([
  [['--help'], 0, 'npm run demo -- [options]'],
  [['--port', '99999'], 2, '--port must be a port'],
  [['--turn'], 2, '--help'],
])('%j', async (argv, code, words) => {
  demo = new DemoProcess(argv);
  expect(await demo.ended()).toBe(code);
  expect(demo.output).toContain(words);
});
