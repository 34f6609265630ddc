import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDiskSpace } from '../../../../gateway/disk-space.ts';
import { createApi } from '../../../../gateway/protocol/api/client.ts';
import { getMachine } from '../../../../gateway/protocol/api/machine.ts';
import { anAdminToken } from '../../../support/gateway/a-token.ts';
import {
  aFolder,
  startGateway,
  type GatewayUnderTest,
} from '../../../support/gateway/start-gateway.ts';

const machineOf = ({ url }: GatewayUnderTest) =>
  createApi({ baseUrl: url.replace(/\/$/, ''), fetch, token: anAdminToken() }).call(getMachine);

test('[CONSOLE-12] the disks that are written to are told, that of the recordings while they are on', async () => {
  const { gateway } = await startGateway();
  expect((await machineOf(gateway)).disks.map(({ use }) => use)).toEqual(['data']);
  const recording = { RECORDING: 'on-demand', RECORDINGS_MIN_FREE_GB: '3' };
  const { gateway: recorder } = await startGateway({ env: recording });
  const { disks } = await machineOf(recorder);
  expect(disks).toMatchObject([{ use: 'data' }, { use: 'recordings', leastFreeBytes: 3e9 }]);
  for (const { freeBytes, totalBytes, leastFreeBytes } of disks) {
    expect(totalBytes).toBeGreaterThan(0);
    expect(freeBytes).toBeLessThanOrEqual(totalBytes);
    expect(leastFreeBytes).toBeGreaterThan(0);
  }
});

test('[CONSOLE-12] a folder that is not made yet is on the disk of those above it', async () => {
  const folder = aFolder();
  const { totalBytes } = await readDiskSpace(join(folder, 'none', 'of', 'these'));
  expect(totalBytes).toBe((await readDiskSpace(folder)).totalBytes);
});

test('[CONSOLE-12] hooks with a wrong secret are counted where media servers may be', async () => {
  const { gateway } = await startGateway();
  expect((await machineOf(gateway)).refusedHooks).toBeNull();
  const call = (headers: Record<string, string>) =>
    gateway.request('POST', '/api/srs/on_publish?secret=wrong', { token: null, headers });
  expect((await call({ 'x-forwarded-for': '203.0.113.9' })).status).toBe(403);
  expect((await machineOf(gateway)).refusedHooks).toBeNull();
  for (let count = 0; count < 2; count += 1) expect((await call({})).status).toBe(403);
  expect((await machineOf(gateway)).refusedHooks).toMatchObject({ count: 2, address: '127.0.0.1' });
});
