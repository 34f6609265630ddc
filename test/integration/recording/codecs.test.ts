import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordingPart, RecordingView } from '../../../gateway/protocol/api/recordings.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { aToken } from '../../support/gateway/a-token.ts';
import { aFolder } from '../../support/gateway/start-gateway.ts';
import {
  publishFromPage,
  resizePicture,
  sendsHeight,
  whipExchange,
  type MediaPageOptions,
} from '../../support/recording/media-page.ts';
import { probe, type Probed } from '../../support/recording/probe.ts';
import {
  openRecordingGateway,
  type RecordingStage,
} from '../../support/recording/recording-gateway.ts';
import { spoolGrows, spoolHolds } from '../../support/recording/spool.ts';

let browser: TestBrowser;
let stage: RecordingStage;

beforeAll(async () => {
  browser = await openTestBrowser();
});
afterAll(() => browser.close());

/** Records what a page publishes; `during` may change it. */
async function record(
  options: MediaPageOptions,
  given: { bytes: number; during?: (page: Awaited<ReturnType<TestBrowser['open']>>) => unknown },
): Promise<{ part: RecordingPart; probed: Probed; view: RecordingView }> {
  stage = await openRecordingGateway();
  const page = await browser.open('about:blank');
  const token = aToken({ can: ['publish'] });
  await publishFromPage(page, whipExchange(`${stage.gateway.url}/whip/demo`, token), options);
  const started = await stage.call('POST', '/rooms/demo/recordings', {});
  const { id } = (await started.json()) as RecordingView;
  await spoolHolds(stage.folder, 'demo', given.bytes);
  await given.during?.(page);
  await stage.call('POST', `/recordings/${id}/stop`);
  const view = await stage.wait(id, 'to be over', ({ state }) => /ready|failed/.test(state));
  await page.close();
  expect(view).toMatchObject({ state: 'ready', detail: '' });
  const [part = expect.fail()] = view.parts;
  const media = await stage.call('GET', `/recordings/${id}/parts/${part.id}.mp4`);
  const file = join(aFolder(), 'part.mp4');
  await writeFile(file, Buffer.from(await media.arrayBuffer()));
  const probed = await probe(file);
  expect(probed.complaints).toBe('');
  return { part, probed, view };
}

test.each(['VP9', 'AV1'] as const)(
  '[REC-91] %s plays from start to end with sound, through a change of size',
  { timeout: 180_000 },
  async (codec) => {
    const { part, probed } = await record(
      { codec },
      {
        bytes: 40_000,
        during: async (page) => {
          await resizePicture(page, 960, 540);
          await sendsHeight(page, 540);
          await spoolGrows(stage.folder, 'demo', 40_000);
        },
      },
    );
    expect(part).toMatchObject({ video: codec, audio: 'Opus', width: 640, height: 360 });
    expect(probed.video?.codec).toBe(codec.toLowerCase());
    expect(probed.video?.sizes).toEqual(['640x360', '960x540']);
    expect(probed.audio?.frames).toBeGreaterThan(50);
  },
);

test.each(['H264', 'VP8'] as const)(
  '[REC-91] of layered %s the highest layer is recorded',
  { timeout: 180_000 },
  async (codec) => {
    const layers = [
      { rid: 'f', scale: 1 },
      { rid: 'h', scale: 2 },
      { rid: 'q', scale: 4 },
    ];
    const { probed } = await record(
      { codec, layers, width: 1280, height: 720 },
      { bytes: 300_000, during: (page) => sendsHeight(page, 720) },
    );
    expect(probed.video?.sizes.at(-1)).toBe('1280x720');
  },
);

test('[REC-91] of VP9 in spatial layers each picture is whole', { timeout: 180_000 }, async () => {
  const options = { codec: 'VP9', scalabilityMode: 'L2T1', width: 1280, height: 720 } as const;
  const { part, probed } = await record(options, { bytes: 300_000 });
  expect(probed.video?.sizes.at(-1)).toBe('1280x720');
  expect(part).toMatchObject({ width: 1280, height: 720 });
});

test('[REC-91] sound alone is recorded without pictures', { timeout: 120_000 }, async () => {
  const { part, probed } = await record({ video: false }, { bytes: 15_000 });
  expect(part).toMatchObject({ video: null, audio: 'Opus', width: null, height: null });
  expect(probed.video).toBeNull();
  expect(probed.audio?.frames).toBeGreaterThan(50);
});

test.each(['H264', 'VP9', 'AV1'] as const)(
  '[REC-91] pictures alone, of %s, are recorded without sound',
  { timeout: 120_000 },
  async (codec) => {
    const { part, probed } = await record({ codec, audio: false }, { bytes: 30_000 });
    expect(part).toMatchObject({ video: codec, audio: null });
    expect(probed.audio).toBeNull();
    expect(probed.video?.frames).toBeGreaterThan(10);
  },
);
