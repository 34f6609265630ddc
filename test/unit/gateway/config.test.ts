import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { engineEnvironment } from '../../../gateway/config/engine-environment.ts';
import { ConfigError, loadConfig } from '../../../gateway/config/load.ts';
import { isLoopback } from '../../../gateway/config/loopback.ts';
import { keepSecret } from '../../../gateway/config/secret-store.ts';
import { Secret } from '../../../gateway/config/secret.ts';
import { aFolder, anEnvironment } from '../../support/gateway/start-gateway.ts';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(anEnvironment(env));
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('[DOCKER-41] a gateway of a cluster', () => {
  const cluster = { CLUSTER_URL: 'http://a:8080', REDIS_URL: 'redis://r' };

  test('makes no secret of its own: no other gateway would have it', () => {
    const problems = problemsOf({ ...cluster, JWT_SECRET: '', HOOK_SECRET: '' });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['JWT_SECRET', 'HOOK_SECRET']);
  });

  test('takes those that lie in DATA_DIR already', () => {
    const DATA_DIR = aFolder();
    const secrets = [keepSecret(DATA_DIR, 'jwt-secret'), keepSecret(DATA_DIR, 'node/hook-secret')];
    const env = anEnvironment({ ...cluster, DATA_DIR, JWT_SECRET: '', HOOK_SECRET: '' });
    const { JWT_SECRET, HOOK_SECRET } = loadConfig(env);
    expect([JWT_SECRET, HOOK_SECRET].map((secret) => secret.reveal())).toEqual(
      secrets.map((secret) => secret.reveal()),
    );
  });
});

describe('a configuration', () => {
  test('needs nothing: defaults are closed and secrets are made', () => {
    const config = loadConfig({ DATA_DIR: aFolder() });
    expect(config).toMatchObject({ HOST: '127.0.0.1', PORT: 8080, nodes: [], PRINT_LINKS: true });
    expect(config.JWT_SECRET.reveal().length).toBeGreaterThanOrEqual(32);
    expect(Object.isFrozen(config)).toBe(true);
  });

  test('takes an empty variable for an absent one', () => {
    expect(loadConfig(anEnvironment({ PORT: '', LOG_LEVEL: '' })).PORT).toBe(8080);
  });

  test('has all its problems named at once', () => {
    const problems = problemsOf({
      PORT: '70000',
      LOG_LEVEL: 'loud',
      SRS_NODES: 'http://a:1985,ftp://b',
      TRUSTED_PROXIES: 'proxy.example',
      JWT_SECRET: 'short',
      PUBLIC_URL: 'not a url',
      MAX_SESSIONS: '0',
      METRICS_PUBLIC: 'perhaps',
    });
    const names = problems.map((problem) => problem.split(/[:.]/)[0]).toSorted();
    expect(names).toEqual([
      'JWT_SECRET',
      'LOG_LEVEL',
      'MAX_SESSIONS',
      'METRICS_PUBLIC',
      'PORT',
      'PUBLIC_URL',
      'SRS_NODES',
      'TRUSTED_PROXIES',
    ]);
  });

  test.each([
    [{ TLS_CERT_FILE: 'cert.pem' }, 'goes together with'],
    [{ TLS_CERT_FILE: '/none', TLS_KEY_FILE: '/none' }, 'cannot be read'],
    [{ JWT_PUBLIC_KEY_FILES: '/none' }, 'JWT_PUBLIC_KEY_FILES: the file "/none" cannot be read'],
    [{ CORS_ORIGINS: '*,https://a.example' }, 'CORS_ORIGINS: "*" stands alone'],
    [{ EMBED_ORIGINS: 'https://a.example/path' }, 'EMBED_ORIGINS: must be origins as https://'],
    [{ EMBED_ORIGINS: 'https://a.example;default-src *' }, 'EMBED_ORIGINS: must be origins'],
    [{ PUBLIC_URL: 'https://a.example/?b=c' }, 'PUBLIC_URL: must have no query'],
    [{ TRUSTED_PROXIES: '10.0.0.0/33' }, 'must be IP addresses or CIDR blocks'],
    [{ PORT: '80a' }, 'PORT: must be a whole number from 0 to 65535'],
  ])('%j is refused in a sentence', (env, sentence) => {
    expect(problemsOf(env).join('\n')).toContain(sentence);
  });

  test('that cannot keep its secrets says where', () => {
    const file = join(aFolder(), 'file');
    writeFileSync(file, '');
    const problems = problemsOf({ DATA_DIR: file, HOOK_SECRET: '' });
    expect(problems.join()).toMatch(/^DATA_DIR: the secret ".*hook-secret" cannot be kept/);
  });

  test('never prints the value of a secret', () => {
    const secret = 'TheValueThatNobodyMaySee';
    const problems = problemsOf({ JWT_SECRET: secret, PORT: 'x' });
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain(secret);
    const config = loadConfig(
      anEnvironment({
        JWT_SECRET: secret.repeat(2),
        HOOK_SECRET: secret,
        SRS_NODES: `http://me:${secret}@a`,
      }),
    );
    const { JWT_SECRET, HOOK_SECRET, nodes, nodePassword } = config;
    const held = { JWT_SECRET, HOOK_SECRET, nodes, nodePassword };
    expect(`${JSON.stringify(held)} ${inspect(held)} ${String(JWT_SECRET)}`).not.toContain(secret);
  });

  test.each([
    ['127.0.0.1', true],
    ['0.0.0.0', false],
  ])('on %s prints links: %s', (HOST, printed) => {
    const { PRINT_LINKS: _, ...env } = anEnvironment({ HOST });
    expect(_).toBe('no');
    expect(loadConfig(env).PRINT_LINKS).toBe(printed);
  });
});

describe('nodes', () => {
  const nodesOf = (env: Record<string, string>) =>
    loadConfig(anEnvironment(env)).nodes.map(({ password, ...node }) => ({
      ...node,
      password: password?.reveal(),
    }));

  test('are read from URLs with user and password, or those beside them', () => {
    const env = { SRS_NODES: 'http://a:1985/, https://me:p%40ss@b/x/', SRS_API_USER: 'admin' };
    expect(nodesOf(env)).toEqual([
      {
        apiUrl: 'http://a:1985',
        signallingUrl: 'http://a:1985',
        user: 'admin',
        password: 'node-password',
      },
      { apiUrl: 'https://b/x', signallingUrl: 'https://b/x', user: 'me', password: 'p@ss' },
    ]);
  });

  test('can be one by the older names, with a signalling address of its own', () => {
    const env = { SRS_API_URL: 'http://a:1985', SRS_SERVER_URL: 'http://a:1990' };
    expect(nodesOf(env)).toEqual([
      {
        apiUrl: 'http://a:1985',
        signallingUrl: 'http://a:1990',
        user: undefined,
        password: undefined,
      },
    ]);
  });

  test('of SRS_NODES win over the older name', () => {
    const env = {
      SRS_NODES: 'http://new',
      SRS_API_URL: 'http://old',
      SRS_SERVER_URL: 'http://old',
    };
    expect(nodesOf(env).map(({ signallingUrl }) => signallingUrl)).toEqual(['http://new']);
  });
});

describe('a kept secret', () => {
  test('is made once, random, for its owner alone', () => {
    const folder = join(aFolder(), 'data');
    const secret = keepSecret(folder, 'jwt-secret').reveal();
    expect(secret).toMatch(/^[\w-]{48}$/);
    expect(keepSecret(folder, 'jwt-secret').reveal()).toBe(secret);
    expect(keepSecret(folder, 'other').reveal()).not.toBe(secret);
    expect(statSync(join(folder, 'jwt-secret')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('that is empty is refused rather than used', () => {
    const folder = aFolder();
    writeFileSync(join(folder, 'jwt-secret'), '\n');
    expect(() => keepSecret(folder, 'jwt-secret')).toThrow('is empty');
    mkdirSync(join(folder, 'hook-secret'));
    expect(() => keepSecret(folder, 'hook-secret')).toThrow('EISDIR');
  });
});

test('a secret shows as *** however it is printed', () => {
  const secret = new Secret('hidden');
  const shown = `${String(secret)} ${JSON.stringify({ secret })} ${inspect({ secret })}`;
  expect(shown).not.toContain('hidden');
  expect(secret.reveal()).toBe('hidden');
});

test('the engine gets what it needs of the environment and none of our secrets but its own', () => {
  const MEDIA_CANDIDATE = '192.0.2.1, cast.example, 192.0.2.1:9000';
  const config = loadConfig(anEnvironment({ MEDIA_CANDIDATE }));
  const environment = engineEnvironment(config, 'http://127.0.0.1:1/api/srs?secret=x');
  expect(environment).toMatchObject({
    ENGINE_API_PORT: '0',
    ENGINE_API_PASSWORD: 'node-password',
    ENGINE_HOOKS_URL: 'http://127.0.0.1:1/api/srs?secret=x',
    MEDIA_CANDIDATE: '192.0.2.1,cast.example',
    LOG_LEVEL: 'info',
  });
  expect(Object.keys(environment)).not.toContain('JWT_SECRET');
  expect(Object.values(environment)).not.toContain(config.JWT_SECRET.reveal());
});

test.each([
  ['127.0.0.1', true],
  ['127.8.8.8', true],
  ['::1', true],
  ['[::1]', true],
  ['::ffff:127.0.0.1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['192.168.1.1', false],
  ['127.0.0.1.evil.example', false],
])('%s is loopback: %s', (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback);
});
