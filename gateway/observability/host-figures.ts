import { Histogram, type Registry } from 'prom-client';
import type { HostMeasure } from '../rooms/hosts/host-seat.ts';

const SHARE_BUCKETS = [0.1, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 1];
const RATE_BUCKETS = [1, 5, 10, 15, 20, 24, 28, 30, 45, 58, 60, 90, 120];
const SECONDS_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.016, 0.033, 0.05, 0.1, 0.2, 0.5, 1];

/** What hosts tell of themselves, over all of them: each second while they publish, the machine each 5 s. */
export function recordHostFigures(registry: Registry): (measure: HostMeasure) => void {
  const registers = [registry];
  const labelNames = ['transport'] as const;
  const of = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `pixelcast_host_${name}`, help, buckets, registers });
  const byTransport = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `pixelcast_host_${name}`, help, labelNames, buckets, registers });
  const rate = byTransport('frames_per_second', 'Pictures a second that hosts send.', RATE_BUCKETS);
  const encode = byTransport(
    'encode_seconds',
    'From capture to the encoded picture at hosts, mean of a second.',
    SECONDS_BUCKETS,
  );
  const queue = byTransport(
    'queue_seconds',
    'What waits on the way out of hosts.',
    SECONDS_BUCKETS,
  );
  const trip = of(
    'round_trip_seconds',
    'From a host to its media server and back.',
    SECONDS_BUCKETS,
  );
  const cpu = of('cpu_ratio', 'Share of a host’s cores that is busy.', SHARE_BUCKETS);
  const memory = of('memory_ratio', 'Share of a host’s memory that is used.', SHARE_BUCKETS);
  const gpu = of(
    'gpu_ratio',
    'How busy a graphics card of a host is, where it tells.',
    SHARE_BUCKETS,
  );

  return (measure) => {
    switch (measure.type) {
      case 'host/figures': {
        const { framesPerSecond, encodeMs, queueMs, rttMs } = measure.figures;
        rate.observe({ transport: 'webrtc' }, framesPerSecond);
        if (encodeMs !== null) encode.observe({ transport: 'webrtc' }, encodeMs / 1000);
        if (queueMs !== null) queue.observe({ transport: 'webrtc' }, Math.max(0, queueMs) / 1000);
        if (rttMs !== null) trip.observe(rttMs / 1000);
        return;
      }
      case 'host/stripes-figures': {
        const { framesPerSecond, queueMs, encodeMs } = measure.figures;
        rate.observe({ transport: 'websocket' }, framesPerSecond);
        queue.observe({ transport: 'websocket' }, queueMs / 1000);
        if (framesPerSecond > 0) encode.observe({ transport: 'websocket' }, encodeMs / 1000);
        return;
      }
      case 'host/machine':
        cpu.observe(measure.machine.cpu);
        memory.observe(measure.machine.memory);
        for (const { busy } of measure.machine.gpus) gpu.observe(busy);
        return;
      default:
        measure satisfies never;
    }
  };
}
