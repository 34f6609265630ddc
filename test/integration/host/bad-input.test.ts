import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EXIT_CODES } from '../../../host-publisher/host-error.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';
import { HostProcess } from '../../support/host/host-process.ts';

/** No run may take longer, on a loaded machine. */
const MOST_MS = 20_000;
const CS_TOKEN = aToken();

const run = async (argv: readonly string[], settings: Readonly<Record<string, string>> = {}) => {
  const host = new HostProcess(argv, { CS_TOKEN, ...settings });
  const timer = setTimeout(() => host.kill('SIGKILL'), MOST_MS);
  const code = await host.ended().finally(() => clearTimeout(timer));
  return { code, output: host.output };
};

interface Place {
  readonly url: string;
  /** Somebody has asked. */
  readonly asked: Promise<unknown>;
}

const open = async (server: Server): Promise<Place> => {
  const asked = once(server, 'connection');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
};
const anHttpServer = (answer: RequestListener): Promise<Place> => {
  const server = createServer(answer);
  onTestFinished(() => server.closeAllConnections());
  return open(server);
};

type Case = readonly [name: string, argv: readonly string[], env: Record<string, string>, RegExp];

const USAGE: readonly Case[] = [
  ['an option that is none', ['--sauce', 'cube'], {}, /--sauce/],
  ['a word that is no option', ['cube'], {}, /cube/],
  ['an option without its value', ['--source'], {}, /--source/],
  ['an unknown source', ['--source', 'webcam'], {}, /--source webcam is not known/],
  ['an unknown sound', ['--audio', 'loud'], {}, /--audio loud is not known/],
  ['an unknown encoder', ['--encoder', 'x265enc'], {}, /--encoder x265enc is not known/],
  ['an unknown publisher', ['--publisher', 'obs'], {}, /--publisher obs is not known/],
  ['a room with a blank', ['--room', 'a b'], {}, /--room must be/],
  ['a room that climbs', ['--room', '../admin'], {}, /--room must be/],
  ['a source of 65 letters', ['--publish-as', 'a'.repeat(65)], {}, /--publish-as must be/],
  ['a window without a name', ['--source', 'window'], {}, /--window/],
  ['a gateway without a scheme', ['--gateway', 'example.com'], {}, /--gateway must be/],
  ['a gateway of another scheme', ['--gateway', 'ftp://example.com'], {}, /--gateway must be/],
  ['a gateway without a host', ['--gateway', 'http://'], {}, /--gateway must be/],
  ['a width of nothing', [], { CS_WIDTH: '0' }, /CS_WIDTH must be/],
  ['a width below zero', [], { CS_WIDTH: '-2' }, /CS_WIDTH must be/],
  ['an odd width', [], { CS_WIDTH: '641' }, /CS_WIDTH must be even/],
  ['a width that is no number', [], { CS_WIDTH: 'wide' }, /CS_WIDTH must be/],
  ['a height beyond all screens', [], { CS_HEIGHT: '99999999' }, /CS_HEIGHT must be/],
  ['no frames', [], { CS_FPS: '0' }, /CS_FPS must be/],
  ['a million frames', [], { CS_FPS: '1000000' }, /CS_FPS must be/],
  ['no bits', [], { CS_BITRATE_KBPS: '0' }, /CS_BITRATE_KBPS must be/],
  ['a rate in words', [], { CS_BITRATE_KBPS: '2M' }, /CS_BITRATE_KBPS must be/],
  ['a STUN server with a path', [], { CS_STUN_SERVER: 'stun:a/b' }, /CS_STUN_SERVER must be/],
  ['a TURN server without a user', [], { CS_TURN_SERVER: 'turn:a:1' }, /must be set together/],
  ['a token file that is nowhere', ['--token-file', '/nowhere/token'], {}, /cannot be read/],
  ['a token file that is a folder', ['--token-file', '/'], {}, /cannot be read/],
];

describe('bad input', () => {
  it.each(USAGE)('%s is one sentence and exit code 2', async (_, argv, env, sentence) => {
    const { code, output } = await run(argv, env);
    expect(output).toMatch(sentence);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(EXIT_CODES.usage);
  });

  it.each([
    ['expired', () => aToken({ seconds: -60 })],
    ['of another room', () => aToken({ room: 'other' })],
    ['without the right to publish', () => aToken({ can: ['watch'] })],
    ['that is none', () => 'not.a.token'],
    ['with a line break', () => 'one\ntwo'],
  ])('a token %s is refused with exit code 5', async (_, token) => {
    const { gateway } = await startGateway();
    const folder = mkdtempSync(join(tmpdir(), 'token-'));
    writeFileSync(join(folder, 'token'), token());
    const argv = ['--gateway', gateway.url, '--token-file', join(folder, 'token')];
    const { code, output } = await run(argv, { CS_TOKEN: '' });
    expect(output).toMatch(/token/);
    expect(output).not.toContain(token());
    expect(code).toBe(EXIT_CODES.refused);
  });

  it.each<[string, RequestListener]>([
    ['answers everything with a page', (_, response) => response.end('<html>hello</html>')],
    ['knows no such path', (_, response) => response.writeHead(404).end('nothing here')],
    ['sends on without end', (_, response) => response.writeHead(302, { location: '/' }).end()],
    ['gives no session URL', (_, response) => response.writeHead(201).end('v=0')],
  ])('a server that %s is no gateway: exit code 8', async (_, answer) => {
    const { url } = await anHttpServer(answer);
    const { code, output } = await run(['--gateway', url]);
    expect(output).toMatch(/is no PixelCast gateway|without a session URL/);
    expect(code).toBe(EXIT_CODES['not-an-endpoint']);
  });

  it.each<[string, () => Promise<Place>]>([
    ['says nothing', () => open(createTcpServer())],
    [
      'speaks no HTTP',
      () =>
        open(createTcpServer((socket) => socket.on('error', () => undefined).end('hello\r\n\r\n'))),
    ],
    ['hangs up', () => open(createTcpServer((socket) => socket.destroy()))],
    [
      'answers with a body without end',
      () =>
        anHttpServer((_, response) => {
          response.writeHead(201, { location: '/sessions/1' });
          const more = (): void => {
            while (!response.destroyed && response.write(Buffer.alloc(65_536)));
          };
          response.on('drain', more);
          more();
        }),
    ],
    [
      'answers with no SDP',
      () =>
        anHttpServer((_, response) => {
          response.writeHead(201, { location: '/sessions/1' }).end('hello');
        }),
    ],
  ])('a server that %s is no reason to hang: one signal ends it', async (_, start) => {
    const { url, asked } = await start();
    const host = new HostProcess(['--gateway', url], { CS_TOKEN });
    onTestFinished(() => host.kill('SIGKILL'));
    await asked;
    const timer = setTimeout(() => host.kill('SIGKILL'), MOST_MS);
    host.kill('SIGTERM');
    const code = await host.ended().finally(() => clearTimeout(timer));
    expect(code).toBe(0);
  });

  it('folders that cannot be written are no obstacle', async () => {
    const { gateway } = await startGateway();
    const nowhere = { HOME: '/proc/nowhere', XDG_CACHE_HOME: '/proc/nowhere' };
    const { code, output } = await run(['--gateway', gateway.url], { ...nowhere, CS_TOKEN: 'no' });
    expect(output).toMatch(/refuses the token/);
    expect(code).toBe(EXIT_CODES.refused);
  });

  it('every failure has an exit code of its own', () => {
    const codes = Object.values(EXIT_CODES);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
