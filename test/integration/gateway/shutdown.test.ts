import { request } from 'node:http';
import { expect, test } from 'vitest';
import { LIMITS } from '../../../gateway/limits/limits.ts';
import { problemOf, startGateway } from '../../support/gateway/start-gateway.ts';

test('a stop refuses new work, ends the sessions at their node, then closes HTTP', async () => {
  const { gateway, srs } = await startGateway();
  await gateway.whip();
  await gateway.whep();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  srs.gate = promise;
  const underWay = gateway.whip('demo/camera');
  await expect.poll(() => srs.offers.length).toBe(3);

  const closing = gateway.close();
  const ready = await gateway.request('GET', '/readyz');
  expect(ready.status).toBe(503);
  expect(await ready.json()).toEqual({ ready: false, reasons: ['The gateway is stopping.'] });
  const refused = await gateway.whip('demo/other', { headers: { origin: 'https://a.example' } });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('connection')).toBe('close');
  expect(refused.headers.get('retry-after')).toBe('2');
  expect(refused.headers.get('access-control-allow-origin')).toBe('*');
  await expect.poll(() => srs.deletions.length).toBe(2);

  resolve(undefined);
  const late = await underWay;
  expect([late.status, (await problemOf(late))['code']]).toEqual([503, 'shutting-down']);
  await closing;
  expect(srs.clients.size).toBe(0);
  await expect(gateway.request('GET', '/healthz')).rejects.toThrow();
});

test('a second close joins the first', async () => {
  const { gateway, srs } = await startGateway();
  await gateway.whip();
  const first = gateway.close();
  expect(gateway.close()).toBe(first);
  await first;
  expect(srs.deletions).toHaveLength(1);
});

test('a client that holds its connection open does not hold up the stop', async () => {
  const { gateway } = await startGateway();
  const { port } = new URL(gateway.url);
  const held = request({
    port,
    method: 'POST',
    path: '/whip/demo',
    headers: { 'content-length': 9 },
  });
  held.on('error', () => undefined);
  const idle = request({ port, path: '/healthz', headers: { connection: 'keep-alive' } });
  const answered = new Promise((resolve) =>
    idle.on('response', (r) => r.resume().on('end', resolve)),
  );
  held.flushHeaders();
  idle.end();
  await answered;
  const started = performance.now();
  await gateway.close();
  expect(performance.now() - started).toBeLessThan(LIMITS.requestMs);
  held.destroy();
});
