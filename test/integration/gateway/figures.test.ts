import { expect, test } from 'vitest';
import { FiguresView } from '../../../gateway/protocol/api/figures.ts';
import { anAdminToken, aToken } from '../../support/gateway/a-token.ts';
import { startGateway, type GatewayUnderTest } from '../../support/gateway/start-gateway.ts';

const WAIT = { timeout: 20_000 };

const read = async (gateway: GatewayUnderTest, span = '15m') => {
  const path = `/api/v1/figures?span=${span}`;
  return await gateway.request('GET', path, { token: anAdminToken() });
};

test('[FIG-04] figures come by API, for administrators of the gateway alone', async () => {
  const { gateway } = await startGateway();
  await gateway.whip('demo');
  await expect
    .poll(async () => {
      const { series } = FiguresView.parse(await (await read(gateway)).json());
      return [series.publishersWebrtc.at(-1), series.nodesHealthy.at(-1), series.nodeCpu.at(-1)];
    }, WAIT)
    .toEqual([1, 1, 0.25]);
  for (const [token, status] of [
    [null, 401],
    [aToken(), 403],
    [aToken({ can: ['admin'] }), 403],
  ] as const) {
    expect((await gateway.request('GET', '/api/v1/figures', { token })).status).toBe(status);
  }
  expect((await read(gateway, '2h')).status).toBe(400);
});

test('[FIG-05] a node’s own figures are in /metrics, asked for now and then, not by each scrape', async () => {
  const { gateway, srs } = await startGateway();
  const node = new URL(srs.url).host;
  const page = async () => (await gateway.request('GET', '/metrics', { token: null })).text();
  await expect.poll(page, WAIT).toContain(`pixelcast_node_cpu_ratio{node="${node}"} 0.25`);
  const text = await page();
  for (const line of [
    `pixelcast_node_up{node="${node}"} 1`,
    `pixelcast_node_memory_bytes{node="${node}"} 67108864`,
    `pixelcast_node_clients{node="${node}"} 3`,
    `pixelcast_node_bytes_total{node="${node}",direction="out"} 2000`,
  ]) {
    expect(text).toContain(line);
  }
  expect(text).not.toContain('pixelcast_node_packets_total{');
  srs.away = true;
  await expect.poll(page, WAIT).toContain(`pixelcast_node_up{node="${node}"} 0`);
  await expect.poll(page, WAIT).not.toContain('pixelcast_node_cpu_ratio{');
});

test('[FIG-05] an embedded engine tells of its packets', async () => {
  const { gateway } = await startGateway({ srs: null, env: { MEDIA_PORT: '0' } });
  const page = async () => (await gateway.request('GET', '/metrics', { token: null })).text();
  await expect.poll(page, WAIT).toMatch(/pixelcast_node_packets_total\{node=".*",what="sent"\} 0/);
  expect(await page()).toMatch(/pixelcast_node_event_loop_delay_seconds\{node=".*"\} \d/);
});
