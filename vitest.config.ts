import { defineConfig } from 'vitest/config';

/** node-datachannel aborts in worker threads: every project runs in forked processes. Media suites
 * run one file at a time: they share hook ports with a real SRS, and the machine's cores. */
const project = (name: string, testTimeout: number, fileParallelism = true) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    pool: 'forks' as const,
    fileParallelism,
    testTimeout,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', 20_000),
      project('integration', 40_000),
      project('contract', 90_000, false),
      project('e2e', 120_000, false),
    ],
  },
});
