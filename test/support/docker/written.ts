/** What an engine on cgroup v2 says, by Docker's reference (API 1.51, ContainerStats): not recorded. */
export const STATS_OF_CGROUP_2 = {
  read: '2026-11-22T16:00:10.000000000Z',
  preread: '0001-01-01T00:00:00Z',
  pids_stats: { current: 12, limit: 18_446_744_073_709_552_000 },
  num_procs: 0,
  cpu_stats: {
    cpu_usage: { total_usage: 3_500_000_000, usage_in_kernelmode: 5e8, usage_in_usermode: 3e9 },
    system_cpu_usage: 2_000_000_000_000,
    online_cpus: 2,
    throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
  },
  memory_stats: {
    usage: 100_000_000,
    stats: {
      active_anon: 40_000_000,
      active_file: 1_000_000,
      inactive_file: 30_000_000,
      file: 31_000_000,
    },
    limit: 268_435_456,
  },
  networks: { eth0: { rx_bytes: 1_000, tx_bytes: 4_000 }, eth1: { rx_bytes: 500, tx_bytes: 0 } },
};

/** Of what an engine says of itself (`GET /info`), the part that is read. */
export const INFO = { ID: '7b7d6f4c-recorded-engine', Name: 'machine', ServerVersion: '28.5.2' };
