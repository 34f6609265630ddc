import type { z } from 'zod';
import type { UsageSample } from './engine.ts';
import type { StatsAnswer } from './engine-answers.ts';

/** Beyond it a kernel says "no limit" (cgroup v1 writes 2^63 rounded to pages). */
const NO_LIMIT_BYTES = 2 ** 60;

/** What a container uses, of either version of cgroups. */
export function usageOf(stats: z.output<typeof StatsAnswer>): UsageSample {
  const { usage, limit, stats: parts } = stats.memory_stats;
  // v1 says it of the whole group, v2 of everything anyway.
  const files = parts['total_inactive_file'] ?? parts['inactive_file'] ?? 0;
  const networks = Object.values(stats.networks ?? {});
  return {
    at: stats.read,
    cpuSeconds: stats.cpu_stats.cpu_usage.total_usage / 1e9,
    memoryBytes: files < usage ? usage - files : usage,
    memoryLimit: limit == null || limit <= 0 || limit > NO_LIMIT_BYTES ? null : limit,
    receivedBytes: networks.reduce((sum, { rx_bytes: bytes }) => sum + bytes, 0),
    sentBytes: networks.reduce((sum, { tx_bytes: bytes }) => sum + bytes, 0),
    processes: stats.pids_stats.current,
  };
}

/** What a container uses now. */
export interface Usage {
  /** Of one core; null until it was asked twice. */
  readonly cpuShare: number | null;
  readonly memoryBytes: number;
  readonly memoryLimit: number | null;
  /** Bits per second; null until it was asked twice. */
  readonly receivedBitrate: number | null;
  readonly sentBitrate: number | null;
  readonly processes: number;
}

/** Between two moments; counters that went back are a new start, and rates of it are not known. */
export function usageBetween(before: UsageSample | null, now: UsageSample): Usage {
  const seconds = before === null ? 0 : (now.at - before.at) / 1000;
  const rate = (read: (sample: UsageSample) => number): number | null => {
    if (before === null || !(seconds > 0)) return null;
    const grown = read(now) - read(before);
    return grown < 0 ? null : grown / seconds;
  };
  const bits = (value: number | null): number | null => (value === null ? null : value * 8);
  return {
    cpuShare: rate(({ cpuSeconds }) => cpuSeconds),
    memoryBytes: now.memoryBytes,
    memoryLimit: now.memoryLimit,
    receivedBitrate: bits(rate(({ receivedBytes }) => receivedBytes)),
    sentBitrate: bits(rate(({ sentBytes }) => sentBytes)),
    processes: now.processes,
  };
}
