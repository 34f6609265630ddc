import { defineConfig } from 'vitest/config';

/** node-datachannel aborts in worker threads: every project runs in forked processes. Media suites
 * run one file at a time: they share hook ports with a real SRS, and the machine's cores. What runs
 * on real time is tried once more, and the end of the run says so: a shared machine may stand still
 * for seconds. */
const project = (name: string, testTimeout: number, retry: number, fileParallelism = true) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    pool: 'forks' as const,
    fileParallelism,
    testTimeout,
    retry,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
  },
});

export default defineConfig({
  test: {
    reporters: ['default', './test/setup/second-tries.ts'],
    projects: [
      project('unit', 20_000, 0),
      project('integration', 40_000, 1),
      project('contract', 90_000, 1, false),
      project('e2e', 120_000, 1, false),
    ],
  },
});
