import { describe, expect, test } from 'vitest';
import { aTemplateFile } from '../../support/docker/a-template.ts';
import { OURS, startReplayEngine } from '../../support/docker/replay-engine.ts';
import { anAdminToken } from '../../support/gateway/a-token.ts';
import { runCli } from '../../support/gateway/run-cli.ts';
import { startGateway } from '../../support/gateway/start-gateway.ts';

const NAME = 'pixelcast-recorded';

describe('the command line', () => {
  test('[DOCKER-44] shows containers and one of them, its log, and does what it is told', async () => {
    const replay = await startReplayEngine();
    const { gateway } = await startGateway({
      env: {
        DOCKER_ENGINE: `unix://${replay.socketPath}`,
        DOCKER_NETWORK: 'elsewhere',
        DOCKER_TEMPLATE_FILE: aTemplateFile(),
        DOCKER_SCALING: 'dry-run',
      },
    });
    const env = { PIXELCAST_URL: gateway.url, PIXELCAST_TOKEN: anAdminToken() };
    const run = (...words: string[]) => runCli(['containers', ...words], env);
    await expect.poll(async () => (await run()).out, { timeout: 30_000 }).toContain(NAME);

    const all = await run();
    expect([all.code, all.err]).toEqual([0, '']);
    expect(all.out).toMatch(/^Docker 28\.5\.2\+dfsg4: Ready\.$/m);
    expect(all.out).toMatch(/^srs: 0 of 1, from 1 to 3, scaling dry-run$/m);
    expect(all.out).toMatch(/^srs-1 is missing\.$/m);
    const one = await run(NAME);
    expect(one.out).toMatch(/^environment +\["HOOK_SECRET"\]$/m);
    expect(one.out).not.toContain('recorded-secret');
    expect((await run(NAME, 'log', '--tail', '6')).out).toMatch(/ err warning 3$/m);

    const dry = await run(NAME, 'restart', '--dry-run');
    expect([dry.code, dry.out]).toEqual([
      ...[0, `Nothing was done. It would be:\n${NAME} is restarted.\n`],
    ]);
    const scaled = await run('scale', '2');
    expect([scaled.code, scaled.err]).toEqual([
      ...[1, expect.stringContaining('DOCKER_SCALING is dry-run') as string],
    ]);
    expect((await run('repair', '--dry-run')).out).toContain('All is as the template says.');
    for (const wrong of [
      ['scale', 'many'],
      [NAME, 'explode'],
    ]) {
      expect((await run(...wrong)).code, wrong.join(' ')).toBe(2);
    }
    expect((await run('elsewhere', 'stop')).code).toBe(1);
    expect(replay.seen.filter((line) => line.startsWith('POST'))).toEqual([]);

    const done = await run(NAME, 'restart');
    expect([done.code, done.out]).toEqual([0, `${NAME} is restarted.\n`]);
    expect(replay.seen).toContain(`POST /containers/${OURS}/restart?t=10`);
  }, 60_000);
});
