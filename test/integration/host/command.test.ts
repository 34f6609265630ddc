import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aToken } from '../../support/gateway/a-token.ts';
import { openEngineGateway, sessionsOf } from '../../support/gateway/engine-gateway.ts';
import { aFolder, startGateway } from '../../support/gateway/start-gateway.ts';
import { HostProcess, isAlive } from '../../support/host/host-process.ts';
import { freeTcpPort } from '../../support/net/free-port.ts';
import { TcpRelay } from '../../support/net/tcp-relay.ts';
import { waitFor } from '../../support/wait-for.ts';

const CS_TOKEN = aToken();
/** Less than what a DELETE may take. */

type Settings = Readonly<Record<string, string>>;

/** Gone after the test, whatever came of it. */
const start = (argv: readonly string[], settings: Settings = {}): HostProcess => {
  const host = new HostProcess(argv, { CS_TOKEN, ...settings });
  onTestFinished(async () => {
    host.kill('SIGKILL');
    await host.ended();
  });
  return host;
};

const run = async (argv: readonly string[], settings: Settings = {}) => {
  const host = start(argv, settings);
  return { code: await host.ended(), output: host.output };
};

describe('npm run host', () => {
  it('explains itself', async () => {
    const { code, output } = await run(['--help']);
    expect(code).toBe(0);
    expect(output).toContain('--source');
    expect(output).toContain('CS_BITRATE_KBPS');
  });

  it('says which encoders work here', async () => {
    const { code, output } = await run(['--encoders']);
    expect(code).toBe(0);
    expect(output).toMatch(/^works {2}x264enc +H264 +software$/m);
  });

  it.each([
    ['an unknown source', ['--source', 'webcam'], {}, 2, '--source webcam is not known'],
    ['an absurd size', [], { CS_WIDTH: '99999999' }, 2, 'CS_WIDTH must be'],
    ['no display', ['--source', 'desktop'], {}, 4, 'DISPLAY is not set'],
    [
      'a missing display',
      ['--source', 'desktop', '--display', ':4711'],
      {},
      4,
      ':4711 does not answer',
    ],
    ['a missing encoder', ['--encoder', 'mfh264enc'], {}, 3, 'No encoder works here: mfh264enc'],
  ])('%s is one sentence and an exit code', async (_, argv, settings, expected, sentence) => {
    const { code, output } = await run(argv, settings);
    expect(output).toContain(sentence);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(expected);
  });

  it('GStreamer without its plugins is told with the packages and exit code 3', async () => {
    const GST_REGISTRY = join(aFolder(), 'registry.bin');
    const { code, output } = await run([], { GST_PLUGIN_SYSTEM_PATH: '/nowhere', GST_REGISTRY });
    expect(output).toBe(
      'GStreamer lacks appsrc, appsink, videorate, videoscale. ' +
        'On Debian: apt-get install gstreamer1.0-plugins-base\n',
    );
    expect(code).toBe(3);
  });

  it('a wrong token is refused with exit code 5', async () => {
    const { gateway } = await startGateway();
    const { code, output } = await run(['--gateway', gateway.url], {
      CS_TOKEN: 'not.a.token',
    });
    expect(output).toMatch(/^The gateway refuses the token: /);
    expect(code).toBe(5);
  });

  it('a busy room is told with exit code 6', async () => {
    const { gateway } = await startGateway();
    expect((await gateway.whip('demo', { token: aToken({ sub: 'bert' }) })).status).toBe(201);
    const { code, output } = await run(['--gateway', gateway.url]);
    expect(output).toMatch(/^The room is busy: .+\n$/);
    expect(code).toBe(6);
  });

  it('a web server that is no gateway is told with exit code 8', async () => {
    const server = createServer((_, response) => response.writeHead(404).end('nothing here'));
    server.listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await waitFor(() => server.listening, { what: 'the server' });
    const { port } = server.address() as AddressInfo;
    const { code, output } = await run(['--gateway', `http://127.0.0.1:${port}`]);
    expect(output).toContain('is no PixelCast gateway');
    expect(code).toBe(8);
  });

  it('a gateway that is away is tried again, and Ctrl+C ends it', async () => {
    const url = `http://127.0.0.1:${await freeTcpPort()}`;
    const host = start(['--gateway', url]);
    await waitFor(() => host.output.split('Next attempt in').length > 2, {
      timeoutMs: 15_000,
      what: 'two attempts',
    });
    expect(host.output).toContain(`${url} does not answer (ECONNREFUSED)`);
    expect(await host.close()).toBe(0);
  });

  it('while it publishes, Ctrl+C ends its session at the gateway, and it with exit code 0', async () => {
    const gateway = await openEngineGateway();
    const host = start(['--gateway', gateway.url]);
    await host.live();
    await waitFor(
      async () => {
        const sessions = await sessionsOf(gateway);
        const modes = sessions.filter(({ kind }) => kind === 'publish').map((one) => one.transport);
        return modes.sort().join() === 'webrtc,websocket';
      },
      { what: 'a publication in each mode' },
    );
    const { mediaPid = 0 } = host;
    expect(await host.close(), host.output).toBe(0);
    expect(await sessionsOf(gateway)).toEqual([]);
    await waitFor(() => !isAlive(mediaPid), { what: 'the end of the media process' });
  });

  it('a second Ctrl+C ends it at once with exit code 1, though the gateway is silent', async () => {
    const gateway = await openEngineGateway();
    const relay = await TcpRelay.open(Number(new URL(gateway.url).port));
    onTestFinished(() => relay.close());
    const host = start(['--gateway', `http://127.0.0.1:${relay.port}`]);
    await host.live();
    const { mediaPid = 0 } = host;
    expect(isAlive(mediaPid)).toBe(true);
    const asked = relay.hold('DELETE /');
    host.kill('SIGINT');
    await asked;
    expect(await host.close()).toBe(1);
    await waitFor(() => !isAlive(mediaPid), { what: 'the end of the media process' });
  });
});
