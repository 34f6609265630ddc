import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RecordingView } from '../../../gateway/protocol/api/recordings.ts';
import { anAdminToken } from '../../support/gateway/a-token.ts';
import { aFolder, startGateway } from '../../support/gateway/start-gateway.ts';
import { aRecording, keepRecording } from '../../support/recording/a-recording.ts';
import { waitFor } from '../../support/wait-for.ts';

const settings = (folder: string, data: string, more: Record<string, string> = {}) => ({
  ...{ RECORDING: 'on-demand', RECORDINGS_DIR: folder, DATA_DIR: data },
  ...{ RECORDINGS_MIN_FREE_GB: '0', ...more },
});

/** The recordings that a gateway has after its start with these settings. */
async function listed(env: Record<string, string>): Promise<RecordingView[]> {
  const { gateway } = await startGateway({ env });
  const body = await gateway.json('/api/v1/recordings', anAdminToken());
  await gateway.close();
  return (body as { items: RecordingView[] }).items;
}

test('[REC-20] an index that is lost is made anew from what lies beside the media', async () => {
  const [folder, data] = [aFolder(), aFolder()];
  const recordings = [aRecording(), aRecording({ room: 'other' })];
  for (const each of recordings) await keepRecording(folder, each);
  expect((await listed(settings(folder, data))).map(({ id }) => id).toSorted()).toEqual(
    recordings.map(({ id }) => id),
  );
  await rm(join(data, 'recordings.db'));
  expect(await listed(settings(folder, data))).toHaveLength(2);
});

test('[REC-20] a row whose file is gone says so, and offers nothing', async () => {
  const [folder, data] = [aFolder(), aFolder()];
  const recording = aRecording();
  await keepRecording(folder, recording);
  await listed(settings(folder, data));
  await rm(join(folder, recording.id, 'part0001.mp4'));
  const [view] = await listed(settings(folder, data));
  expect(view).toMatchObject({ state: 'failed', detail: 'Its file is gone.', bytes: 0 });
});

test('[REC-21] what is in the engine’s folder and in no recording is deleted at the start', async () => {
  const [folder, data] = [aFolder(), aFolder()];
  const spool = join(folder, '.engine', 'demo');
  await mkdir(spool, { recursive: true });
  await writeFile(join(spool, 'main.1795338793907.mp4'), 'nothing of use');
  const { gateway } = await startGateway({ env: settings(folder, data) });
  await waitFor(async () => (await readdir(spool)).length === 0, { what: 'an empty folder' });
  await gateway.close();
});

test('[REC-22] the oldest recordings go where there is too much, and what is too old goes', async () => {
  const day = 24 * 3600 * 1000;
  const [folder, data] = [aFolder(), aFolder()];
  const part = aRecording().parts[0];
  const big = [{ ...part, bytes: 600_000_000 }];
  const old = aRecording({ startedAt: 1, endedAt: Date.now() - 3 * day });
  const first = aRecording({ parts: big, endedAt: Date.now() - 2000 });
  const second = aRecording({ parts: big, endedAt: Date.now() - 1000 });
  for (const each of [old, first, second]) await keepRecording(folder, each);
  const kept = await listed(
    settings(folder, data, { RECORDINGS_MAX_DAYS: '2', RECORDINGS_MAX_GB: '1' }),
  );
  expect(kept.map(({ id }) => id)).toEqual([second.id]);
  expect(await readdir(folder)).not.toContain(old.id);
});
