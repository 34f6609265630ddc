import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aToken } from '../../support/gateway/a-token.ts';
import { openEngineGateway, sessionsOf } from '../../support/gateway/engine-gateway.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';
import { HostProcess, isAlive } from '../../support/host/host-process.ts';
import { probeMedia } from '../../support/host/probe-media.ts';
import { waitFor } from '../../support/wait-for.ts';

/** Some seconds of the cube. */
const ENOUGH_BYTES = 150_000;
const CS_TOKEN = aToken({ sub: 'host', can: ['publish', 'host'] });

const record = async (demand: string) => {
  const gateway = await openEngineGateway();
  const folder = aFolder();
  const host = new HostProcess(
    ['--gateway', gateway.url, '--record', folder, '--on-demand', demand],
    { CS_TOKEN },
  );
  onTestFinished(async () => {
    host.kill('SIGKILL');
    await host.ended();
  });
  await host.live();
  const file = await waitFor(
    () => {
      const path = join(folder, readdirSync(folder)[0] ?? 'none');
      return statSync(path).size > ENOUGH_BYTES && path;
    },
    { timeoutMs: 20_000, what: 'a recording that grows' },
  );
  return { gateway, host, file };
};

describe('npm run host -- --record, while nobody watches', () => {
  it.each(['on', 'off'])('--on-demand %s: plays after a SIGTERM', async (demand) => {
    const { gateway, host, file } = await record(demand);
    host.kill('SIGTERM');
    expect(await host.ended(), host.output).toBe(0);
    expect(host.output).toContain(`Recording to ${file}.`);
    expect(await sessionsOf(gateway)).toEqual([]);
    const media = await probeMedia(file);
    expect(media.complaints).toBe('');
    expect(media.codecs).toContain('h264');
    expect(media.picture.last - media.picture.first).toBeGreaterThan(1);
    expect(media.frames).toBeGreaterThan(15);
  });

  it.each(['on', 'off'])('--on-demand %s: plays after a kill -9', async (demand) => {
    const { host, file } = await record(demand);
    const media = host.mediaPid ?? 0;
    host.kill('SIGKILL');
    process.kill(media, 'SIGKILL');
    await host.ended();
    await waitFor(() => !isAlive(media), { what: 'the end of the media process' });
    const played = await probeMedia(file);
    expect(played.codecs).toContain('h264');
    expect(played.widths).toEqual([640]);
    expect(played.picture.last - played.picture.first).toBeGreaterThan(1);
    expect(played.frames).toBeGreaterThan(15);
  });
});
