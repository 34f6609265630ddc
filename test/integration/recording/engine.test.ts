import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordingView } from '../../../gateway/protocol/api/recordings.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import {
  leavePage,
  publishFromPage,
  resizePicture,
  sendsMore,
  whipExchange,
} from '../../support/recording/media-page.ts';
import { probe } from '../../support/recording/probe.ts';
import { openRecordingGateway } from '../../support/recording/recording-gateway.ts';
import { waitFor } from '../../support/wait-for.ts';

let browser: TestBrowser;

beforeAll(async () => {
  browser = await openTestBrowser();
});
afterAll(() => browser.close());

const aPublisher = async (url: string, room: string, codec: 'H264' | 'VP8' = 'H264') => {
  const page = await browser.open('about:blank');
  const token = aToken({ room, can: ['publish'] });
  await publishFromPage(page, whipExchange(`${url}/whip/${room}`, token), { codec });
  return page;
};

/** Waits until so much media is on the disk. */
const written = (folder: string, room: string, bytes: number): Promise<unknown> =>
  waitFor(
    async () => {
      const spool = join(folder, '.engine', room);
      const names = await readdir(spool).catch(() => []);
      const sizes = await Promise.all(
        names.map(async (name) => (await stat(join(spool, name))).size),
      );
      return sizes.some((size) => size > bytes);
    },
    { timeoutMs: 60_000, what: `${bytes} bytes in the spool of ${room}` },
  );

test.each(['H264', 'VP8'] as const)(
  '[REC-01] a recording by request of %s plays from start to end with sound, through a change of size',
  { timeout: 180_000 },
  async (codec) => {
    const stage = await openRecordingGateway();
    const page = await aPublisher(stage.gateway.url, 'demo', codec);
    const started = await stage.call('POST', '/rooms/demo/recordings', {});
    expect(started.status).toBe(201);
    const { id } = (await started.json()) as RecordingView;
    await written(stage.folder, 'demo', 60_000);
    await resizePicture(page, 960, 540);
    await written(stage.folder, 'demo', 250_000);
    await sendsMore(page);
    await stage.call('POST', `/recordings/${id}/stop`);
    const view = await stage.wait(id, 'to be ready', ({ state }) => state === 'ready');
    const [part = expect.fail()] = view.parts;
    expect(part).toMatchObject({ source: 'main', video: codec, audio: 'Opus', state: 'ready' });
    const media = await stage.call('GET', `/recordings/${id}/parts/${part.id}.mp4`);
    const file = join(aFolder(), 'part.mp4');
    await writeFile(file, Buffer.from(await media.arrayBuffer()));
    const probed = await probe(file);
    expect(probed.complaints).toBe('');
    expect(probed.video?.sizes).toEqual(['640x360', '960x540']);
    expect(
      Math.abs((probed.audio?.lastSeconds ?? 0) - (probed.video?.lastSeconds ?? 0)),
    ).toBeLessThan(1);
    expect(await readdir(join(stage.folder, '.engine', 'demo'))).toEqual([]);
    await leavePage(page);
  },
);
