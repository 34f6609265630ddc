import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { childEnvironment, loadConfig } from '../../../srs/embedded/config.ts';
import { createLog } from '../../../srs/embedded/log.ts';
import { Supervisor } from '../../../srs/embedded/supervisor.ts';

const childPath = fileURLToPath(new URL('./telling-child.ts', import.meta.url));

test('the engine’s process is started with a small JavaScript heap and few malloc arenas', async () => {
  vi.stubEnv('ENGINE_TEST_INHERITED', 'yes');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { promise, resolve } = Promise.withResolvers<string>();
  const supervisor = new Supervisor({
    config: loadConfig({}),
    childPath,
    log: createLog('silent'),
    onReady: () => undefined,
    onDown: () => undefined,
    onUnable: resolve,
  });
  supervisor.start();
  expect(JSON.parse(await promise)).toEqual({
    flags: ['--max-semi-space-size=2', '--initial-old-space-size=16', '--heap-growing-percent=50'],
    MALLOC_ARENA_MAX: '2',
    MALLOC_TRIM_THRESHOLD_: '131072',
    ENGINE_TEST_INHERITED: 'yes',
  });
});

test('settings of the allocator that are there already stay', () => {
  expect(childEnvironment({ MALLOC_ARENA_MAX: '8', PATH: '/bin' })).toEqual({
    MALLOC_ARENA_MAX: '8',
    MALLOC_TRIM_THRESHOLD_: '131072',
    PATH: '/bin',
  });
});
