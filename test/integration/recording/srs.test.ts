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
  whipExchange,
} from '../../support/recording/media-page.ts';
import { probe } from '../../support/recording/probe.ts';
import { openRecordingGateway } from '../../support/recording/recording-gateway.ts';
import { waitFor } from '../../support/wait-for.ts';

/** A real SRS with `dvr` into `SRS_DVR_DIR`, whose hooks come to `E2E_PORT` with `HOOK_SECRET`. */
const { SRS_NODES, SRS_DVR_DIR, E2E_PORT, HOOK_SECRET } = process.env;
const given =
  SRS_NODES !== undefined &&
  SRS_DVR_DIR !== undefined &&
  E2E_PORT !== undefined &&
  HOOK_SECRET !== undefined
    ? { SRS_NODES, SRS_DVR_DIR, PORT: E2E_PORT, HOOK_SECRET }
    : null;
if (given === null) {
  process.stdout.write('No SRS_NODES, SRS_DVR_DIR, E2E_PORT, HOOK_SECRET: SRS records nothing.\n');
}

let browser: TestBrowser;

beforeAll(async () => {
  browser = await openTestBrowser();
});
afterAll(() => browser.close());

/** Waits until SRS has written so much of a publication. */
const written = (room: string, bytes: number): Promise<unknown> =>
  waitFor(
    async () => {
      const folder = join(given?.SRS_DVR_DIR ?? '', room);
      const names = await readdir(folder).catch(() => []);
      const sizes = await Promise.all(
        names.map(async (name) => (await stat(join(folder, name))).size),
      );
      return sizes.some((size) => size > bytes);
    },
    { timeoutMs: 60_000, what: `${bytes} bytes of ${room} from SRS` },
  );

test.runIf(given !== null).each([
  ['its publication ends', true],
  ['its publication goes on', false],
] as const)(
  '[REC-02] a recording on SRS is stopped while %s: it plays through a change of size, with sound',
  { timeout: 180_000 },
  async (_, leaves) => {
    const room = leaves ? 'srsends' : 'srsgoeson';
    const stage = await openRecordingGateway(given ?? {});
    const page = await browser.open('about:blank');
    const token = aToken({ room, can: ['publish'] });
    const started = await stage.call('POST', `/rooms/${room}/recordings`, {});
    const { id } = (await started.json()) as RecordingView;
    await publishFromPage(page, whipExchange(`${stage.gateway.url}/whip/${room}`, token));
    await written(room, 100_000);
    await resizePicture(page, 960, 540);
    await written(room, 400_000);
    if (leaves) await leavePage(page);
    await stage.call('POST', `/recordings/${id}/stop`);
    const view = await stage.wait(id, 'to be ready', ({ state }) => state === 'ready');
    const [part = expect.fail()] = view.parts;
    expect(part).toMatchObject({ source: 'main', video: 'H264', audio: 'AAC' });
    const media = await stage.call('GET', `/recordings/${id}/parts/${part.id}.mp4`);
    const file = join(aFolder(), 'part.mp4');
    await writeFile(file, Buffer.from(await media.arrayBuffer()));
    const probed = await probe(file);
    process.stdout.write(`${JSON.stringify({ part, probed })}\n`);
    expect(probed.complaints).toBe('');
    expect(probed.video?.sizes).toEqual(['640x360', '960x540']);
    if (!leaves) await leavePage(page);
    await waitFor(async () => (await readdir(join(given?.SRS_DVR_DIR ?? '', room))).length === 0, {
      timeoutMs: 60_000,
      what: 'the files of SRS to be removed',
    });
  },
);
