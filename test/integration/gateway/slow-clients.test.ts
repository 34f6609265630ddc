import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { aToken } from '../../support/gateway/a-token.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';

/** What a client reads that sends this, and nothing more; and after how many ms it was cut off. */
async function stall(url: string, text: string) {
  const started = performance.now();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return { reply: Buffer.concat(chunks).toString(), ms: performance.now() - started };
}

test('[X26] slow headers and slow bodies are cut off, others are served meanwhile', async () => {
  const { gateway, srs } = await startGateway();
  const headers = `POST /whip/demo HTTP/1.1\r\nHost: a\r\nX-Slow: `;
  const whole = [
    'POST /whip/demo HTTP/1.1',
    'Host: a',
    `Authorization: Bearer ${aToken()}`,
    'Content-Type: application/sdp',
    'Content-Length: 1000',
    '',
    'v=0',
  ].join('\r\n');
  const stalled = Promise.all([stall(gateway.url, headers), stall(gateway.url, whole)]);
  expect((await gateway.whip('demo/camera')).status).toBe(201);
  const [byHeaders, byBody] = await stalled;
  expect(byHeaders.reply).toMatch(/^HTTP\/1\.1 408 /);
  expect(byHeaders.ms).toBeLessThan(13_000);
  expect(byBody.ms).toBeLessThan(18_000);
  expect(srs.offers).toHaveLength(1);
}, 25_000);
