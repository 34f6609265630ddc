import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createApi } from '../../../../gateway/protocol/api/client.ts';
import {
  getContainer,
  getContainerLog,
  listContainers,
  repairContainers,
  scaleContainers,
  startContainer,
  stopContainer,
  upgradeContainer,
  type ContainersView,
} from '../../../../gateway/protocol/api/containers.ts';
import { anAdminToken } from '../../../support/gateway/a-token.ts';
import { aFolder, HOOK_SECRET, startGateway } from '../../../support/gateway/start-gateway.ts';

const SOCKET = process.env['DOCKER_LIVE'];
/** The image of `srs/`, twice, and one in which nothing serves. */
const IMAGES = { now: 'pixelcast-srs:1', next: 'pixelcast-srs:2', bad: 'debian:bookworm-slim' };
const WITHIN = { timeout: 60_000, interval: 250 };

const docker = (...words: string[]): string =>
  execFileSync('docker', words, {
    env: { ...process.env, DOCKER_HOST: `unix://${SOCKET ?? ''}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
    .toString()
    .trim();

/** A gateway that looks after containers of its own label and name. */
async function aStage() {
  const folder = aFolder();
  const name = `live-${process.pid}`;
  const label = `${name}.node`;
  const templateFile = join(folder, 'template.json');
  const other = docker('run', '-d', IMAGES.bad, 'sleep', '600');
  onTestFinished(() => {
    const own = docker('ps', '-aq', '--filter', `label=${label}`).split('\n');
    for (const id of [...own, other].filter((word) => word !== '')) docker('rm', '-f', id);
  });
  const bridge = docker('network', 'inspect', 'bridge', '-f', '{{(index .IPAM.Config 0).Gateway}}');
  const { gateway } = await startGateway({
    srs: null,
    env: {
      ...{ HOST: '0.0.0.0', DOCKER_ENGINE: `unix://${SOCKET ?? ''}`, DOCKER_LABEL: label },
      ...{ DOCKER_TEMPLATE_FILE: templateFile, SRS_API_USER: 'gateway' },
    },
  });
  const port = new URL(gateway.url).port;
  writeFileSync(
    templateFile,
    JSON.stringify({
      ...{ name, image: IMAGES.now, min: 1, max: 3, mediaPort: 28_000, probeSeconds: 20 },
      environment: {
        HOOKS_BASE_URL: `http://${bridge}:${port}/api/srs`,
        ...{ HOOK_SECRET, SRS_API_PASSWORD: 'node-password' },
        ...{ MEDIA_PORT: '{mediaPort}', MEDIA_CANDIDATE: '{mediaAddress}' },
      },
      ...{ drain: { afterSeconds: 0, spreadSeconds: 0 }, stopSeconds: 5, memoryMb: 256 },
    }),
  );
  const api = createApi({ baseUrl: `http://127.0.0.1:${port}`, fetch, token: anAdminToken() });
  const view = () => api.call(listContainers);
  const standing = async (): Promise<string[]> =>
    (await view()).items
      .map(
        ({ name: each, image, healthy }) => `${each} ${image} ${healthy ? 'serves' : 'does not'}`,
      )
      .toSorted();
  const idle = () =>
    expect.poll(async () => (await view()).work.every(({ ok }) => ok !== null), WITHIN).toBe(true);
  const workDone = async (kind: string): Promise<ContainersView['work'][number] | undefined> =>
    (await view()).work.find((work) => work.kind === kind && work.ok !== null);
  return { api, name, view, standing, idle, workDone, other };
}

describe.runIf(SOCKET !== undefined)('a real Docker engine', () => {
  test('[DOCKER-30] makes, finds, tries, upgrades, rolls back, repairs and takes away media servers', async () => {
    const { api, name, view, standing, idle, workDone, other } = await aStage();
    const [first, second] = [`${name}-1`, `${name}-2`];
    const otherBefore = docker('inspect', other, '-f', '{{json .State}}{{json .Config}}');
    await expect.poll(standing, WITHIN).toEqual([`${first} ${IMAGES.now} serves`]);

    await api.call(scaleContainers, { body: { count: 2 } });
    const both = [first, second].map((each) => `${each} ${IMAGES.now} serves`);
    await expect.poll(standing, WITHIN).toEqual(both);
    await expect
      .poll(async () => (await view()).items.map(({ usage }) => usage !== null), WITHIN)
      .toEqual([true, true]);

    const details = await api.call(getContainer, { params: { container: first } });
    expect(details).toMatchObject({
      isReadOnly: true,
      isPrivileged: false,
      memoryLimit: 256 * 1024 * 1024,
    });
    expect(JSON.stringify(details)).not.toMatch(/node-password|a hook secret/);
    const log = await api.call(getContainerLog, { params: { container: first } });
    expect(log.items.length).toBeGreaterThan(0);
    expect(JSON.stringify(log)).not.toMatch(/node-password|a%20hook|a hook secret/);

    // Stopped by somebody else: started again. Stopped by an operator: not.
    docker('stop', '-t', '1', second);
    await expect.poll(async () => (await workDone('start'))?.ok, WITHIN).toBe(true);
    await expect.poll(standing, WITHIN).toEqual(both);
    await idle();
    const params = { container: second };
    await api.call(stopContainer, { params, query: {} });
    await expect.poll(standing, WITHIN).toEqual([both[0], `${second} ${IMAGES.now} does not`]);
    expect((await view()).scaling?.drift).toEqual([]);
    await api.call(startContainer, { params, query: {} });
    await expect.poll(standing, WITHIN).toEqual(both);

    // Taken away by somebody else: made anew.
    docker('rm', '-f', second);
    await expect.poll(async () => (await view()).scaling?.drift.length, WITHIN).toBe(1);
    await expect.poll(standing, WITHIN).toEqual(both);

    await idle();
    const dry = await api.call(upgradeContainer, { body: { image: IMAGES.bad, dryRun: true } });
    expect(dry.steps.length).toBeGreaterThan(2);
    expect(await standing()).toEqual(both);
    await api.call(upgradeContainer, { body: { image: IMAGES.bad } });
    await expect.poll(async () => (await workDone('upgrade'))?.ok, WITHIN).toBe(false);
    await expect.poll(standing, WITHIN).toEqual(both);

    await idle();
    await api.call(upgradeContainer, { body: { image: IMAGES.next } });
    await expect.poll(async () => (await workDone('upgrade'))?.ok, WITHIN).toBe(true);
    await expect
      .poll(standing, WITHIN)
      .toEqual(
        expect.arrayContaining([expect.stringContaining(`${IMAGES.next} serves`) as string]),
      );
    expect((await view()).scaling?.drift.map(({ kind }) => kind)).toEqual(['outdated']);
    await idle();
    await api.call(repairContainers, { body: {} });
    await expect.poll(standing, WITHIN).toEqual(both);

    await api.call(scaleContainers, { body: { count: 1 } });
    await expect.poll(standing, WITHIN).toEqual([both[0]]);
    expect(docker('inspect', other, '-f', '{{json .State}}{{json .Config}}')).toBe(otherBefore);
  }, 240_000);
});

describe.runIf(SOCKET === undefined)('Docker', () => {
  test('media servers in containers of a real engine', ({ skip }) =>
    skip('DOCKER_LIVE names no socket of an engine'));
});
