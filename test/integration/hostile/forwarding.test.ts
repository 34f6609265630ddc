import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { HostileStage } from '../../support/gateway/hostile-stage.ts';
import { anOffer } from '../../support/sdp/descriptions.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import { sendRaw } from '../../support/gateway/raw-http.ts';

/** The values of one header in the first offer that the node got. */
const valuesOf = ({ srs }: HostileStage, name: string): string[] => {
  const { rawHeaders = [] } = srs.offers[0] ?? {};
  return rawHeaders.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === name);
};

describe('a Host', () => {
  test.each(['evil.example', 'evil:1234', '[::1]:80'])(
    '[HOSTILE-12] %s is served, and never reaches the node',
    async (host) => {
      const stage = await HostileStage.open();
      await stage.throws({ host }, { status: [201], reaches: true });
      expect(valuesOf(stage, 'host')).toEqual(['localhost']);
      expect(JSON.stringify(stage.srs.seen)).not.toMatch(/evil|::1/);
    },
  );

  test.each(['user@evil', '"', 'a b', 'evil/x', 'evil?x', 'évil', 'evil:99999999'])(
    '[HOSTILE-12] %s is 400',
    async (host) => {
      const stage = await HostileStage.open();
      // Node's parser refuses what is no ASCII.
      await stage.throws({ host }, { status: [400], cors: !/[^ -~]/.test(host) });
    },
  );

  test('[HOSTILE-12] sent twice is 400', async () => {
    const stage = await HostileStage.open();
    await stage.throws({ headers: ['Host: evil'] }, { status: [400] });
  });

  test('[HOSTILE-12] that an absolute target contradicts is 400', async () => {
    const stage = await HostileStage.open();
    await stage.throws({ target: 'http://evil.example/whip/demo' }, { status: [400], cors: false });
  });
});

describe('the address that the node sees', () => {
  const headers = [
    'X-Forwarded-For: 6.6.6.6, 7.7.7.7',
    'X-Real-IP: 6.6.6.6',
    'Forwarded: for=6.6.6.6',
  ];
  const behind = (proxies: string) => ({
    env: { TRUSTED_PROXIES: proxies, PLAIN_HTTP: 'anywhere' },
  });

  test('[HOSTILE-13] is the peer, once, whatever a client claims', async () => {
    const stage = await HostileStage.open();
    await stage.throws({ headers }, { status: [201], reaches: true });
    expect(valuesOf(stage, 'x-forwarded-for')).toEqual(['127.0.0.1']);
    expect(valuesOf(stage, 'x-real-ip')).toEqual(['127.0.0.1']);
    expect(JSON.stringify(stage.srs.seen)).not.toContain('6.6.6.6');
  });

  test('[HOSTILE-13] is what a trusted proxy added last', async () => {
    const stage = await HostileStage.open(behind('127.0.0.0/8'));
    await stage.throws({ headers }, { status: [201], reaches: true });
    expect(valuesOf(stage, 'x-forwarded-for')).toEqual(['7.7.7.7']);
  });

  test('[HOSTILE-13] is an address even when a trusted proxy forwards nonsense', async () => {
    const stage = await HostileStage.open(behind('127.0.0.1'));
    await stage.throws(
      { headers: ['X-Forwarded-For: <script>'] },
      { status: [201], reaches: true },
    );
    expect(valuesOf(stage, 'x-forwarded-for')).toEqual(['127.0.0.1']);
  });
});

test('[D11] no header of a client reaches the node', async () => {
  const stage = await HostileStage.open();
  const headers = [
    'Cookie: a=b',
    'X-Http-Method-Override: DELETE',
    'Referer: https://evil.example',
  ];
  await stage.throws({ headers }, { status: [201], reaches: true });
});

test('[HOSTILE-27] [P7] every request of signalling has a connection of its own', async () => {
  const stage = await HostileStage.open();
  await stage.gateway.whip();
  await stage.gateway.whep();
  expect(stage.srs.offers).toHaveLength(2);
  expect(valuesOf(stage, 'connection')).toEqual(['close']);
});

test('[HOSTILE-28] pipelined requests are answered in order', async () => {
  const { gateway } = await HostileStage.open();
  const lines = ['GET /healthz HTTP/1.1', 'Host: a', '', 'GET /nothing HTTP/1.1', 'Host: a', ''];
  const last = ['GET /whip/demo HTTP/1.1', 'Host: a', 'Connection: close'];
  const { head, body } = await sendRaw(gateway.url, [...lines, ...last]);
  const statuses = `${head}\r\n\r\n${body}`.matchAll(/HTTP\/1\.1 (\d{3})/g);
  expect([...statuses].map(([, status]) => status)).toEqual(['200', '404', '204']);
});

test('[HOSTILE-28] a hundred pipelined requests are cut off', async () => {
  const stage = await HostileStage.open();
  const lines = Array.from({ length: 100 }, () => ['GET /whip/demo HTTP/1.1', 'Host: a', '']);
  const { head, body } = await sendRaw(stage.gateway.url, lines.flat());
  expect(`${head}${body}`.split('HTTP/1.1').length).toBeLessThan(20);
  await stage.expectGoodService();
});

test('[HOSTILE-36] clients that go before the answer leave nothing at the node', async () => {
  const { gateway, srs } = await HostileStage.open();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  srs.gate = promise;
  const offer = anOffer('chromium-publish');
  const head = [
    'POST /whip/demo HTTP/1.1',
    'Host: gateway',
    `Authorization: Bearer ${aToken()}`,
    'Content-Type: application/sdp',
    `Content-Length: ${offer.length}`,
  ];
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  socket.write(`${head.join('\r\n')}\r\n\r\n${offer}`);
  await expect.poll(() => srs.offers.length).toBe(1);
  socket.destroy();
  await once(socket, 'close');
  resolve(undefined);
  await expect.poll(() => srs.deletions.length).toBe(1);
  expect(srs.clients.size).toBe(0);
});
