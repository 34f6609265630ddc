import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { IceDesk } from '../../../../gateway/ice/ice-desk.ts';
import type { IceSource } from '../../../../gateway/ice/ice-source.ts';
import { createLogger } from '../../../../gateway/observability/logger.ts';
import { waitFor } from '../../../support/wait-for.ts';

/** A STUN server that says that it sees everybody at 192.0.2.1:80, until it is told to be silent. */
async function aStunServer(): Promise<{ url: string; asked: () => number; silence: () => void }> {
  const socket: Socket = createSocket('udp4');
  let asked = 0;
  let isSilent = false;
  socket.on('message', (request, from) => {
    asked += 1;
    if (isSilent) return;
    const mapped = Buffer.from('0020000800012142e112a643', 'hex');
    const head = Buffer.from('0101000c2112a442', 'hex');
    socket.send(Buffer.concat([head, request.subarray(8, 20), mapped]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  const url = `stun:127.0.0.1:${socket.address().port}`;
  return { url, asked: () => asked, silence: () => (isSilent = true) };
}

function aDesk(url: string, everyMs: number): { desk: IceDesk; lines: string[] } {
  const lines: string[] = [];
  const log = createLogger({
    level: 'trace',
    format: 'json',
    destination: { write: (line) => void lines.push(line) },
  });
  const source: IceSource = {
    name: 'file',
    start: () => undefined,
    close: () => undefined,
    current: () => ({ servers: [{ urls: [url] }], expiresAt: Infinity }),
    settle: () => Promise.resolve(),
    sweep: () => undefined,
    status: () => ({
      ...{ urls: [url], holders: null, refreshedAt: 0, expiresAt: null },
      ...{ failures: 0, failuresInAll: 0, lastError: null, lastErrorAt: null },
    }),
  };
  const desk = new IceDesk({ sources: [source], everyMs, log, now: Date.now });
  onTestFinished(() => desk.close());
  return { desk, lines };
}

test('[ICE-17] servers are tried again and again, and one that fails is told once', async () => {
  const server = await aStunServer();
  const { desk, lines } = aDesk(server.url, 20);
  desk.start();
  await waitFor(() => server.asked() >= 3, { what: 'three probes' });
  expect(desk.views()[0]?.probes).toMatchObject([
    { url: server.url, reachable: true, address: '192.0.2.1:80', error: null },
  ]);
  server.silence();
  const failed = () => desk.views()[0]?.probes[0]?.error === 'It did not answer in time.';
  await waitFor(failed, { timeoutMs: 18_000, what: 'the failure' });
  expect(lines.filter((line) => line.includes('not reachable from here'))).toHaveLength(1);
});

test('[ICE-17] without an interval servers are tried when asked, once for all who ask', async () => {
  const server = await aStunServer();
  const { desk } = aDesk(server.url, 0);
  desk.start();
  await Promise.all([desk.probe(), desk.probe()]);
  expect(server.asked()).toBe(1);
});

test('[ICE-15] a port where nobody listens is told as such', async () => {
  const server = createSocket('udp4');
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  const [view] = await aDesk(`stun:127.0.0.1:${port}`, 0).desk.probe();
  expect(view?.probes).toMatchObject([
    { reachable: false, error: 'It cannot be reached (ECONNREFUSED).' },
  ]);
});
