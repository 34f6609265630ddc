import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { TcpBalancer } from '../../../support/net/tcp-balancer.ts';

interface Backend {
  readonly port: number;
  isReady: boolean;
  answers: number;
  readonly open: ServerResponse[];
}

/** Says its `/readyz`, counts other requests, and leaves `/stream` open. */
async function startBackend(): Promise<Backend> {
  const server: Server = createServer((request, response) => {
    if (request.url === '/readyz') response.writeHead(backend.isReady ? 200 : 503).end();
    else if (request.url === '/stream') {
      backend.open.push(response.writeHead(200));
      response.write('a');
    } else {
      backend.answers += 1;
      response.setHeader('connection', 'close').end('done');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const backend: Backend = { port, isReady: true, answers: 0, open: [] };
  return backend;
}

test('[FLEET-02] the tests’ balancer takes turns, leaves out who is not ready, and cuts its streams', async () => {
  const [first, second] = [await startBackend(), await startBackend()];
  const balancer = await TcpBalancer.open({ ports: [first.port, second.port], everyMs: 20 });
  onTestFinished(() => balancer.close());
  const ask = async (): Promise<void> => {
    await (await fetch(balancer.url, { headers: { connection: 'close' } })).text();
  };
  for (let count = 0; count < 4; count += 1) await ask();
  expect([first.answers, second.answers]).toEqual([2, 2]);

  const streams = [await fetch(`${balancer.url}/stream`), await fetch(`${balancer.url}/stream`)];
  expect([first.open.length, second.open.length]).toEqual([1, 1]);
  const ends = streams.map((stream) => stream.text().catch(() => 'cut'));
  first.isReady = false;
  await once(first.open[0] as ServerResponse, 'close');
  for (let count = 0; count < 4; count += 1) await ask();
  expect([first.answers, second.answers]).toEqual([2, 6]);
  second.open[0]?.end('b');
  expect((await Promise.all(ends)).toSorted()).toEqual(['ab', 'cut']);
});
