import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { RecordingView } from '../../../gateway/protocol/api/recordings.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import { sessionsOf } from '../../support/gateway/engine-gateway.ts';
import { aFolder, problemOf } from '../../support/gateway/start-gateway.ts';
import { publishFromPage, whipExchange } from '../../support/recording/media-page.ts';
import { probe } from '../../support/recording/probe.ts';
import { openRecordingGateway } from '../../support/recording/recording-gateway.ts';

let browser: TestBrowser;

beforeAll(async () => {
  browser = await openTestBrowser();
});
afterAll(() => browser.close());

/** A disk of 300 kB; null where none can be mounted. */
function aSmallDisk(): string | null {
  const folder = aFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'pixelcast', folder], {
      stdio: 'ignore',
    });
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

test(
  '[REC-05] on a full disk a recording ends with its reason, what was written plays, and media goes on',
  { timeout: 120_000 },
  async (ctx) => {
    const folder = aSmallDisk();
    if (folder === null) ctx.skip('no disk can be mounted here: this test needs root');
    const stage = await openRecordingGateway(
      { RECORDINGS_DIR: folder ?? '' },
      /recording not made playable|description of a recording/,
    );
    const token = aToken({ can: ['publish'] });
    const page = await browser.open('about:blank');
    await publishFromPage(page, whipExchange(`${stage.gateway.url}/whip/demo`, token));
    const started = await stage.call('POST', '/rooms/demo/recordings', {});
    const { id } = (await started.json()) as RecordingView;
    const full = await stage.wait(id, 'the disk to be full', ({ parts }) =>
      parts.some(({ detail }) => detail !== ''),
    );
    const [part = expect.fail()] = full.parts;
    expect(part).toMatchObject({ state: 'ready', detail: 'It ends early: the disk is full.' });
    expect(await sessionsOf(stage.gateway)).toMatchObject([{ kind: 'publish', state: 'live' }]);
    await stage.call('POST', `/recordings/${id}/stop`);
    const media = await stage.call('GET', `/recordings/${id}/parts/${part.id}.mp4`);
    const file = join(aFolder(), 'part.mp4');
    await writeFile(file, Buffer.from(await media.arrayBuffer()));
    const { video, audio } = await probe(file);
    expect(video?.frames).toBeGreaterThan(10);
    expect(audio?.frames).toBeGreaterThan(10);
  },
);

test('[REC-06] below the least free space no recording begins', async () => {
  const stage = await openRecordingGateway({ RECORDINGS_MIN_FREE_GB: '1000000' });
  const refused = await stage.call('POST', '/rooms/demo/recordings', {});
  expect(refused.status).toBe(507);
  expect(await problemOf(refused)).toMatchObject({ code: 'storage-full' });
});

test('[REC-07] a room is recorded once at a time, and not where recording is off', async () => {
  const stage = await openRecordingGateway();
  expect((await stage.call('POST', '/rooms/demo/recordings', {})).status).toBe(201);
  expect((await stage.call('POST', '/rooms/demo/recordings', {})).status).toBe(409);
  const room = await stage.call('GET', '/rooms/demo');
  expect(await room.json()).toMatchObject({ recording: true });
  const off = await openRecordingGateway({ RECORDING: 'off' });
  const refused = await off.call('POST', '/rooms/demo/recordings', {});
  expect(await problemOf(refused)).toMatchObject({ code: 'recording-off', status: 409 });
});
