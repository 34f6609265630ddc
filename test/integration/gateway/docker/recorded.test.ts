import { describe, expect, test } from 'vitest';
import { DockerodeEngine } from '../../../../gateway/docker/dockerode-engine.ts';
import { usageBetween } from '../../../../gateway/docker/usage.ts';
import { collect } from '../../../../gateway/cli/collect.ts';
import { OTHERS, OURS, startReplayEngine } from '../../../support/docker/replay-engine.ts';
import { INFO, STATS_OF_CGROUP_2 } from '../../../support/docker/written.ts';

const LABEL = 'pixelcast.node';
const at = ({ socketPath }: { socketPath: string }): DockerodeEngine =>
  new DockerodeEngine({ place: { socketPath }, label: LABEL });

describe('recorded answers of Docker 28.5', () => {
  test('[DOCKER-01] say what the engine is and which containers are ours', async () => {
    const replay = await startReplayEngine();
    const engine = at(replay);
    expect(await engine.identify()).toEqual({
      ...{ id: INFO.ID, version: '28.5.2+dfsg4', api: '1.51' },
    });
    expect(await engine.list()).toEqual([
      {
        id: OURS,
        name: 'pixelcast-recorded',
        image: 'debian:bookworm-slim',
        state: 'running',
        status: expect.stringMatching(/^Up /) as string,
        createdAt: expect.any(Number) as number,
        labels: { 'lab.standin': 'true', [LABEL]: '1985' },
        isOnHostNetwork: false,
        addresses: { bridge: expect.stringMatching(/^172\./) as string },
        ports: [],
      },
    ]);
    expect(replay.seen.at(-1)).toContain(encodeURIComponent(JSON.stringify({ label: [LABEL] })));
  });

  test('[DOCKER-02] hold no value of an environment', async () => {
    const engine = at(await startReplayEngine());
    const details = await engine.inspect(OURS);
    expect(details.environment).toEqual(['HOOK_SECRET']);
    expect(details).toMatchObject({ memoryLimit: 64 * 1024 * 1024, state: 'running', restarts: 0 });
    expect(JSON.stringify(details)).not.toContain('recorded-secret');
  });

  test('[DOCKER-03] tell what a container uses, on cgroup v1, and on v2 as its reference has it', async () => {
    const replay = await startReplayEngine();
    const engine = at(replay);
    const first = await engine.usage(OURS);
    expect(first).toMatchObject({
      memoryLimit: 64 * 1024 * 1024,
      processes: expect.any(Number) as number,
    });
    expect(first.memoryBytes).toBeGreaterThan(100_000);
    expect(first.cpuSeconds).toBeGreaterThan(0);
    replay.canned = (req, res) => {
      if (req.url?.includes('/stats') !== true) return false;
      res.end(JSON.stringify(STATS_OF_CGROUP_2));
      return true;
    };
    const second = await engine.usage(OURS);
    expect(second).toMatchObject({
      memoryBytes: 70_000_000,
      receivedBytes: 1_500,
      sentBytes: 4_000,
    });
    const before = { ...second, at: second.at - 2_000, cpuSeconds: 2.5, sentBytes: 0 };
    expect(usageBetween(before, second)).toMatchObject({ cpuShare: 0.5, sentBitrate: 16_000 });
    expect(usageBetween({ ...before, cpuSeconds: 9 }, second).cpuShare).toBeNull();
    expect(usageBetween(null, second).cpuShare).toBeNull();
  });

  test('[DOCKER-04] have logs of two streams with their times', async () => {
    const lines = await at(await startReplayEngine()).logs(OURS, { tail: 6 });
    expect(lines.map(({ stream, text }) => `${stream} ${text}`).toSorted()).toEqual([
      ...['err warning 1', 'err warning 2', 'err warning 3'],
      ...['out line 1', 'out line 2', 'out line 3'],
    ]);
    for (const { at: when } of lines) expect(when).toBeGreaterThan(1_700_000_000_000);
  });

  test('[DOCKER-05] tell what happens, of our containers alone', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const { id, action } of at(await startReplayEngine()).events(stop.signal)) {
      expect(id).toBe(OURS);
      seen.push(action);
      if (action === 'die') stop.abort();
    }
    expect(seen).toEqual(expect.arrayContaining(['start', 'die']));
  });

  test('[DOCKER-06] a start of what runs is none, and an image that is not there is not there', async () => {
    const engine = at(await startReplayEngine());
    await expect(engine.start(OURS)).resolves.toBeUndefined();
    expect(await engine.hasImage('nobody/nothing:1')).toBe(false);
  });
});

describe('[DOCKER-07] a container without our label', () => {
  test('is seen by nobody, though the engine lists it', async () => {
    const replay = await startReplayEngine();
    replay.list = 'list-of-all';
    const names = (await at(replay).list()).map(({ name }) => name);
    expect(names).toEqual(['pixelcast-recorded']);
  });

  test('is never touched: whatever is asked, the engine is only asked whose it is', async () => {
    const replay = await startReplayEngine();
    const engine = at(replay);
    const { signal } = new AbortController();
    const deeds: readonly (() => Promise<unknown>)[] = [
      () => engine.inspect(OTHERS),
      () => engine.usage(OTHERS),
      () => engine.logs(OTHERS, { tail: 1 }),
      () => collect(engine.followLogs(OTHERS, { tail: 1 }, signal)),
      () => engine.start(OTHERS),
      () => engine.stop(OTHERS, 1),
      () => engine.restart(OTHERS, 1),
      () => engine.rename(OTHERS, 'mine'),
      () => engine.remove(OTHERS),
    ];
    for (const deed of deeds) await expect(deed()).rejects.toMatchObject({ code: 'not-found' });
    expect(new Set(replay.seen)).toEqual(new Set([`GET /containers/${OTHERS}/json`]));
  });

  test('is not reached by a path in place of an id, and none is made', async () => {
    const replay = await startReplayEngine();
    const engine = at(replay);
    for (const id of [
      '',
      '..',
      `${OURS}/../${OTHERS}`,
      `${OURS}?force=1`,
      OURS.toUpperCase(),
      'x',
    ]) {
      await expect(engine.remove(id), id).rejects.toMatchObject({ code: 'not-found' });
    }
    const spec = {
      ...{ name: 'x', image: 'x', labels: { other: '1' }, command: null, environment: [] },
      ...{ network: null, published: [], volumes: [], user: null, isReadOnly: true },
      ...{ memoryBytes: null, cpus: null },
    };
    await expect(engine.create(spec)).rejects.toMatchObject({ code: 'not-found' });
    expect(replay.seen).toEqual([]);
  });
});
