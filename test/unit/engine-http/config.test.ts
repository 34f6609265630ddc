import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../../../srs/embedded/config.ts';
import { USAGE } from '../../../srs/embedded/usage.ts';

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

describe('settings', () => {
  test('are complete without any, and empty ones count as absent', () => {
    const config = loadConfig({ MEDIA_PORT: '', ENGINE_HOOKS_URL: '' });
    expect(config).toMatchObject({
      apiHost: '127.0.0.1',
      apiPort: 1985,
      mediaPort: 8000,
      mediaBind: null,
      mediaCandidates: [],
      apiLogin: null,
      hooksUrl: null,
      compat: 7,
      inactivityMs: 30_000,
      sweepMs: 5_000,
      logLevel: 'info',
    });
    expect(config.serverId).toMatch(/^vid-[0-9a-z]{7}$/);
    expect(loadConfig({}).serverId).toBe(config.serverId);
    expect(loadConfig({ ENGINE_API_PORT: '1986' }).serverId).not.toBe(config.serverId);
  });

  test('are reported all at once, by name, without the values of secrets', () => {
    const problems = problemsOf({
      ENGINE_API_PORT: 'x',
      MEDIA_PORT: '65536',
      ENGINE_COMPAT: '5',
      ENGINE_HOOKS_URL: 'not-a-url-but-secret',
      ENGINE_INACTIVITY_MS: '10',
      ENGINE_API_USER: 'only',
      MEDIA_CANDIDATE: '192.0.2.1,a b',
    });
    for (const name of ['ENGINE_API_PORT', 'MEDIA_PORT', 'ENGINE_COMPAT', 'ENGINE_HOOKS_URL']) {
      expect(
        problems.filter((problem) => problem.startsWith(name)),
        name,
      ).toHaveLength(1);
    }
    expect(problems).toHaveLength(7);
    expect(problems.join()).not.toContain('secret');
  });

  test('split candidates at commas', () => {
    expect(loadConfig({ MEDIA_CANDIDATE: '192.0.2.1, 2001:db8::1' }).mediaCandidates).toEqual([
      '192.0.2.1',
      '2001:db8::1',
    ]);
  });

  test('are all named by --help', () => {
    for (const name of Object.keys(loadConfig({}))) {
      const setting = SETTING_OF[name];
      expect(setting, `${name} has no setting in this table`).toBeDefined();
      for (const part of setting ?? []) expect(USAGE).toContain(part);
    }
  });
});

const SETTING_OF: Readonly<Record<string, readonly string[]>> = {
  apiHost: ['ENGINE_API_HOST'],
  apiPort: ['ENGINE_API_PORT'],
  mediaPort: ['MEDIA_PORT'],
  mediaBind: ['MEDIA_BIND'],
  mediaCandidates: ['MEDIA_CANDIDATE'],
  apiLogin: ['ENGINE_API_USER', 'ENGINE_API_PASSWORD'],
  hooksUrl: ['ENGINE_HOOKS_URL'],
  compat: ['ENGINE_COMPAT'],
  serverId: ['ENGINE_SERVER_ID'],
  inactivityMs: ['ENGINE_INACTIVITY_MS'],
  sweepMs: ['ENGINE_SWEEP_MS'],
  logLevel: ['LOG_LEVEL'],
  dvr: ['ENGINE_DVR_PATH', 'ENGINE_DVR_APPLY'],
};
