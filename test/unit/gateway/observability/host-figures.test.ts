import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { recordHostFigures } from '../../../../gateway/observability/host-figures.ts';

test('[FIG-07] what hosts tell is a distribution over all of them', async () => {
  const registry = new Registry();
  const record = recordHostFigures(registry);
  const gpus = [{ busy: 0.4, memoryBytes: null }];
  record({ type: 'host/machine', machine: { cpu: 0.6, memory: 0.3, gpus } });
  record({
    type: 'host/stripes-figures',
    figures: {
      ...{ targetKbps: 1, sentKbps: 1, framesPerSecond: 30 },
      ...{ encodeMs: 4, encodeMaxMs: 9, queueMs: 0 },
    },
  });
  const page = await registry.metrics();
  for (const line of [
    'pixelcast_host_cpu_ratio_bucket{le="0.5"} 0',
    'pixelcast_host_cpu_ratio_bucket{le="0.7"} 1',
    'pixelcast_host_gpu_ratio_bucket{le="0.5"} 1',
    'pixelcast_host_encode_seconds_bucket{le="0.005",transport="websocket"} 1',
    'pixelcast_host_frames_per_second_bucket{le="30",transport="websocket"} 1',
  ]) {
    expect(page).toContain(line);
  }
});
