import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { HttpServer, PATIENCE } from '../../../gateway/http/server.ts';
import { Networks } from '../../../gateway/limits/networks.ts';

/** A server as the gateway's, only that its patience is a twentieth. */
async function anImpatientServer(): Promise<{ port: number; server: HttpServer }> {
  const server = new HttpServer(
    {
      host: '127.0.0.1',
      port: 0,
      tls: undefined,
      maxConnections: 100,
      maxConnectionsPerAddress: 100,
      trustedProxies: new Networks([]),
      patience: {
        headersTimeout: PATIENCE.headersTimeout / 20,
        requestTimeout: PATIENCE.requestTimeout / 20,
        connectionsCheckingInterval: PATIENCE.connectionsCheckingInterval / 20,
      },
    },
    (req, res) => void req.on('end', () => res.end('done')).resume(),
  );
  onTestFinished(() => server.close());
  return { port: await server.listen(), server };
}

/** What a client reads that sends this, and nothing more until it is cut off. */
async function stall(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

test('[HOSTILE-26] nobody is waited for longer than 15 s, and looked for every second', () => {
  expect(PATIENCE.headersTimeout).toBeLessThanOrEqual(15_000);
  expect(PATIENCE.requestTimeout).toBeLessThanOrEqual(15_000);
  expect(PATIENCE.connectionsCheckingInterval).toBeLessThanOrEqual(1000);
});

test.each([
  ['headers', 'POST / HTTP/1.1\r\nHost: a\r\nX-Slow: '],
  ['a body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nv=0'],
])('[HOSTILE-26] slow %s are cut off with 408, others are served meanwhile', async (_, text) => {
  const { port } = await anImpatientServer();
  const stalled = stall(port, text);
  const served = await stall(port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(served).toMatch(/^HTTP\/1\.1 200 /);
  expect(await stalled).toMatch(/^HTTP\/1\.1 408 /);
});

test.each([
  ['slow headers', 'POST / HTTP/1.1\r\nHost: a\r\nX-Slow: '],
  ['a slow body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nv=0'],
  ['nothing at all', ''],
])(
  '[HOSTILE-26] a client of %s that never closes its side is gone all the same',
  async (_, text) => {
    const { port, server } = await anImpatientServer();
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(text);
    await expect.poll(() => server.addresses).toBe(1);
    await expect.poll(() => server.addresses, { timeout: 20_000 }).toBe(0);
  },
);
