import { expect, test } from 'vitest';
import { HostMessage } from '../../../gateway/protocol/host.ts';
import { parseNvidia, readGpus } from '../../../host-publisher/machine/gpu.ts';
import { cpuShare } from '../../../host-publisher/machine/machine-watch.ts';

test('[FIG-07] a graphics card is as busy as its tool says; what it does not tell is null', () => {
  expect(parseNvidia('37, 512\n0, [N/A]\n')).toEqual([
    { busy: 0.37, memoryBytes: 512 * 1024 * 1024 },
    { busy: 0, memoryBytes: null },
  ]);
});

test.each(['', 'NVIDIA-SMI has failed\n', '[N/A], [N/A]\n', '99999, 1\n'])(
  '[FIG-07] a tool that says %j tells of no card',
  (text) => {
    expect(parseNvidia(text)).toEqual([]);
  },
);

test('[FIG-07] a tool that is missing or hangs is no fault', async () => {
  const gone = () => Promise.reject(new Error('ENOENT'));
  const drm = '/there/is/no/such/folder';
  expect(await readGpus({ drm, askNvidia: gone, askIntel: gone })).toEqual([]);
});

test('[FIG-07] the share of CPU is of what passed between two looks', () => {
  expect(cpuShare({ busyMs: 100, allMs: 1_000 }, { busyMs: 400, allMs: 2_000 })).toBe(0.3);
  expect(cpuShare({ busyMs: 100, allMs: 1_000 }, { busyMs: 100, allMs: 1_000 })).toBe(0);
});

test('[FIG-07] shares beyond 1 and more than eight cards are refused', () => {
  const machine = { cpu: 0.5, memory: 0.5, gpus: [{ busy: 0.1, memoryBytes: null }] };
  const message = (more: object) => ({ type: 'host/machine', machine: { ...machine, ...more } });
  expect(HostMessage.safeParse(message({})).success).toBe(true);
  expect(HostMessage.safeParse(message({ cpu: 1.5 })).success).toBe(false);
  const gpus = Array.from({ length: 9 }, () => machine.gpus[0]);
  expect(HostMessage.safeParse(message({ gpus })).success).toBe(false);
});
