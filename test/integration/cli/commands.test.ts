import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anAdminToken, aToken, JWT_SECRET } from '../../support/gateway/a-token.ts';
import { freeTcpPort } from '../../support/net/free-port.ts';
import { startFakeSrs } from '../../support/gateway/fake-srs.ts';
import { startRedis } from '../../support/redis/start-redis.ts';
import { runCli } from '../../support/gateway/run-cli.ts';
import {
  aFolder,
  startGateway,
  type GatewayUnderTest,
} from '../../support/gateway/start-gateway.ts';

const at = ({ url }: GatewayUnderTest, token = anAdminToken()) => ({
  PIXELCAST_URL: url,
  PIXELCAST_TOKEN: token,
});

const jsonOf = async (words: readonly string[], env: Record<string, string>) =>
  JSON.parse((await runCli([...words, '--json'], env)).out) as readonly Record<string, unknown>[];

describe('the command line', () => {
  test('[API-12] lists rooms and sessions, kicks, ends and frees', async () => {
    const { gateway, srs } = await startGateway();
    await gateway.whip();
    await gateway.whep('demo', { token: aToken({ sub: 'ben' }) });
    const rooms = await runCli(['rooms'], at(gateway));
    expect([rooms.code, rooms.err]).toEqual([0, '']);
    expect(rooms.out).toMatch(/^demo +main +off +1 +h264 opus$/m);
    const [viewer] = await jsonOf(['sessions', '--kind', 'watch'], at(gateway));
    expect(viewer).toMatchObject({ room: 'demo', subject: 'ben' });
    const kick = await runCli(['kick', String(viewer?.['id']), '--ban'], at(gateway));
    expect([kick.code, kick.err]).toEqual([0, '']);
    expect(await jsonOf(['sessions', '--kind', 'watch'], at(gateway))).toEqual([]);
    expect((await runCli(['end', 'demo'], at(gateway))).code).toBe(0);
    expect(await jsonOf(['sessions'], at(gateway))).toEqual([]);
    srs.plant({ kind: 'publish', app: 'demo', stream: 'main' });
    const [freed] = await jsonOf(['free', 'demo'], at(gateway));
    expect(freed).toMatchObject({ type: 'rtc-publish' });
  });

  test('[API-12] mints a token that works, and shows nodes and settings', async () => {
    const { gateway } = await startGateway();
    const minted = await runCli(
      ['token', 'demo', '--sub', 'cy', '--can', 'publish,watch', '--ttl', '120'],
      at(gateway),
    );
    expect((await gateway.whip('demo', { token: minted.out.trim() })).status).toBe(201);
    const [node] = await jsonOf(['nodes'], at(gateway));
    expect(node).toMatchObject({ healthy: true, sessions: 1 });
    const one = await runCli(['nodes', String(node?.['node'])], at(gateway));
    expect(one.out).toMatch(/rtc-publish +demo\/main/);
    const settings = await runCli(['settings'], at(gateway));
    expect(settings.out).toMatch(/^LOG_LEVEL +debug +set$/m);
    expect(settings.out).not.toContain('node-password');
  });

  test('[NODE-41] adds a server, empties one and waits for that, and takes it in again', async () => {
    const { gateway, srs } = await startGateway();
    const second = await startFakeSrs();
    second.service = 'service-of-the-second';
    const added = await runCli(['nodes', second.url, 'add'], at(gateway));
    expect([added.code, added.err]).toEqual([0, '']);
    const node = new URL(second.url).host;
    const back = await runCli(['nodes', node, 'uncordon', '--wait', '30'], at(gateway));
    expect([back.code, back.out]).toEqual([0, `${node}: healthy, 0 sessions.\n`]);
    const first = new URL(srs.url).host;
    await runCli(['nodes', node, 'cordon'], at(gateway));
    await gateway.whip();
    await runCli(['nodes', node, 'uncordon'], at(gateway));
    const late = await runCli(['nodes', first, 'drain', '--wait', '0'], at(gateway));
    expect([late.code, late.out]).toEqual([1, `${first}: draining, 1 sessions.\n`]);
    const words = ['nodes', first, 'drain', '--after', '0', '--spread', '0', '--wait', '30'];
    const empty = await runCli(words, at(gateway));
    expect([empty.code, empty.out]).toEqual([0, `${first}: drained, 0 sessions.\n`]);
    const unknown = await runCli(['nodes', 'elsewhere:1', 'drain', '--wait', '1'], at(gateway));
    expect([unknown.code, unknown.out]).toEqual([1, '']);
  });

  test('[API-12] finds this machine’s gateway by its settings, with a token of its own key', async () => {
    const { gateway } = await startGateway();
    const port = new URL(gateway.url).port;
    const env = { PORT: port, JWT_SECRET, DATA_DIR: aFolder() };
    const rooms = await runCli(['rooms', '--json'], env);
    expect([rooms.code, rooms.err, rooms.out.trim()]).toEqual([0, '', '[]']);
  });

  test('[API-12] says by its exit code what went wrong, and never prints a token', async () => {
    const { gateway } = await startGateway();
    const secret = aToken({ can: ['watch'] });
    const cases: [words: string[], env: Record<string, string>, code: number, said: RegExp][] = [
      [[], {}, 2, /^$/],
      [['fly'], {}, 2, /no command "fly"/],
      [['kick'], at(gateway), 2, /Write: kick <session>/],
      [['rooms', '--wings'], at(gateway), 2, /wings/],
      [['rooms', 'a/b'], at(gateway), 2, /room/],
      [['rooms'], { PIXELCAST_URL: gateway.url }, 2, /--token/],
      [['rooms'], { ...at(gateway), PIXELCAST_URL: 'ftp://x' }, 2, /Not the address/],
      [['rooms'], { PORT: 'eighty', DATA_DIR: aFolder() }, 2, /PORT/],
      [['rooms'], { ...at(gateway), PIXELCAST_URL: 'http://127.0.0.1:1' }, 3, /does not answer/],
      [['rooms'], at(gateway, secret), 1, /operate/],
      [['kick', 'nobody'], at(gateway), 1, /no such session/],
      [['end', 'demo'], at(gateway), 1, /Nobody publishes/],
    ];
    for (const [words, env, code, said] of cases) {
      const run = await runCli(words, env);
      expect([words, run.code]).toEqual([words, code]);
      expect(run.err).toMatch(said);
      expect(run.err + run.out).not.toContain(secret);
    }
  });

  test('[API-12] helps, in all and with each command', async () => {
    const all = await runCli(['--help']);
    expect(all.code).toBe(0);
    for (const [, name = ''] of all.out.matchAll(/^ {2}([a-z]+)\b/gm)) {
      const one = await runCli([name, '--help']);
      expect([one.code, one.out], name).toEqual([0, expect.stringContaining('--json')]);
    }
  });
});

describe('the doctor', () => {
  test('[API-13] finds an installation well, its warnings aside', async () => {
    const { gateway } = await startGateway();
    const env = { PORT: new URL(gateway.url).port, JWT_SECRET, DATA_DIR: aFolder() };
    const run = await runCli(['doctor', '--json'], env);
    const checks = JSON.parse(run.out) as { name: string; state: string }[];
    const of = (name: string) => checks.find((check) => check.name.startsWith(name))?.state;
    expect(of('settings')).toBe('ok');
    expect(of('data folder')).toBe('ok');
    expect(of('TLS')).toBe('ok');
    expect(of('clock')).toBe('ok');
    expect(of('media server')).toBe('ok');
    expect(run.code).toBe(checks.some(({ state }) => state === 'failed') ? 1 : 0);
  });

  test('[API-13] looks at disks, audit log and Redis', async () => {
    const { gateway } = await startGateway();
    const folder = aFolder();
    const redis = await startRedis();
    const env = {
      ...{ PORT: new URL(gateway.url).port, JWT_SECRET, DATA_DIR: folder },
      ...{ RECORDING: 'on-demand', AUDIT_LOG_FILE: join(folder, 'audit.log') },
    };
    const look = async (more: Record<string, string>) => {
      const run = await runCli(['doctor', '--json'], { ...env, ...more });
      const checks = JSON.parse(run.out) as { name: string; state: string }[];
      return { of: (name: string) => checks.find((check) => check.name === name), run };
    };
    const names = ['recordings’ disk', 'audit log', 'audit records', 'Redis'];
    const well = await look({ RECORDINGS_MIN_FREE_GB: '0', REDIS_URL: redis.url });
    for (const name of names) expect(well.of(name)?.state, name).toBe('ok');
    writeFileSync(join(folder, 'audit.db'), 'SQLite format 3\0 and then nothing of the kind');
    const unwell = await look({
      RECORDINGS_MIN_FREE_GB: '1000000',
      REDIS_URL: `redis://:a-password@127.0.0.1:${await freeTcpPort()}`,
      AUDIT_LOG_FILE: join(folder, 'no', 'such', 'folder', 'audit.log'),
    });
    for (const name of names) expect(unwell.of(name)?.state, name).toBe('failed');
    expect(unwell.run.out).not.toContain('a-password');
    expect(unwell.run.code).toBe(1);
  });

  test('[API-13] names what is not well, and fails', async () => {
    const { gateway, srs } = await startGateway();
    const env = { PORT: new URL(gateway.url).port, JWT_SECRET, DATA_DIR: aFolder() };
    srs.away = true;
    await expect
      .poll(async () => (await gateway.request('GET', '/readyz')).status, { timeout: 20_000 })
      .toBe(503);
    const away = await runCli(['doctor'], env);
    expect(away.code).toBe(1);
    expect(away.out).toMatch(/^FAILED +media server/m);
    const misread = await runCli(['doctor'], { ...env, PORT: 'eighty', MAX_SESSIONS: '-1' });
    expect(misread.code).toBe(1);
    expect(misread.out).toMatch(/^FAILED +settings +PORT/m);
    expect(misread.out).toMatch(/^FAILED +settings +MAX_SESSIONS/m);
    const nobody = await runCli(['doctor'], { ...env, PORT: '1' });
    expect(nobody.code).toBe(1);
    expect(nobody.out).toMatch(/^FAILED +gateway/m);
  });
});
