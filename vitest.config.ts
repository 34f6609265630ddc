import { defineConfig } from 'vitest/config';

/** node-datachannel aborts in worker threads: every project runs in forked processes. */
const project = (name: string, testTimeout: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    pool: 'forks' as const,
    testTimeout,
    hookTimeout: 60_000,
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', 10_000),
      project('integration', 20_000),
      project('contract', 90_000),
      project('e2e', 120_000),
    ],
  },
});
