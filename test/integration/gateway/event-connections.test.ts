import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { EventStreams } from '../../../gateway/events/event-streams.ts';
import { eventRoutes } from '../../../gateway/http/events.ts';
import { aCore } from '../../support/gateway/a-gateway-core.ts';
import { EventReader } from '../../support/gateway/event-reader.ts';

const anyone = (_req: unknown, _res: unknown, next: () => void): Promise<void> => {
  next();
  return Promise.resolve();
};

/** One viewer's event stream behind a server whose patience with requests is 300 ms. */
async function aStream() {
  const core = await aCore({ withoutPublisher: 'wait' });
  const events = new EventStreams({
    registry: core.registry,
    audiences: core.audiences,
    maxStreams: 10,
    onCount: () => undefined,
  });
  core.observers.push(events);
  const session = await core.play();
  onTestFinished(() => core.sessions.close());
  const id = events.announcement(session)?.id ?? '';
  const stream = events.subscribe(id, { names: undefined, endpoint: undefined });
  const app = express().use(
    eventRoutes({
      events,
      limits: { guard: anyone },
      publicUrl: '',
    }),
  );
  const patience = { headersTimeout: 300, requestTimeout: 300, connectionsCheckingInterval: 50 };
  const server = createServer(patience, app).listen(0, '127.0.0.1');
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { stream, sockets, port, path: `/events/streams/${stream.id}` };
}

test('[EVENT-03] a stream outlasts the time that requests have', async () => {
  const { stream, port, path } = await aStream();
  const reader = await EventReader.open(`http://127.0.0.1:${port}${path}`);
  const stalled = connect(port, '127.0.0.1');
  stalled.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n');
  const [answer] = (await once(stalled, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 (404|408) /);
  await once(stalled.resume(), 'close');
  stream.push('active', {});
  await expect.poll(() => reader.events).toContain('active {}');
  expect(reader.ending).toBeNull();
});

test('[HOSTILE-37] a client that reads nothing costs a bounded amount of memory', async () => {
  const { stream, sockets, port, path } = await aStream();
  const silent = connect(port, '127.0.0.1').pause();
  onTestFinished(() => void silent.destroy());
  silent.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
  await expect.poll(() => sockets[0]?.bytesWritten ?? 0).toBeGreaterThan(0);
  const event = { url: 'x'.repeat(64 * 1024) };
  for (let sent = 0; sent < 1000; sent += 1) {
    stream.push('reconnect', event);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [socket] = sockets;
  if (socket === undefined) throw new Error('no connection came in');
  expect(socket.writableLength).toBeGreaterThan(0);
  expect(socket.writableLength).toBeLessThan(256 * 1024);
  expect(socket.bytesWritten).toBeLessThan(32 * 1024 * 1024);
});
