import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { createApi } from '../../../gateway/protocol/api/client.ts';
import {
  getRecording,
  linkRecording,
  startRecording,
  stopRecording,
  type RecordingView,
} from '../../../gateway/protocol/api/recordings.ts';
import {
  framesSent,
  publishChanging,
  resizePicture,
  soundMadeSeconds,
} from '../../support/browser/changing-publisher.ts';
import { playMovie } from '../../support/browser/played-movie.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { loudShareOf } from '../../support/recording/loudness.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';

let gateway: GatewayProcess;
let browser: TestBrowser;
beforeAll(async () => {
  gateway = await GatewayProcess.start({
    RECORDING: 'on-demand',
    RECORDINGS_MIN_FREE_GB: '0',
    ...(process.env['SRS_DVR_DIR'] === undefined
      ? {}
      : { SRS_DVR_DIR: process.env['SRS_DVR_DIR'] }),
  });
  browser = await openTestBrowser();
});
afterAll(async () => {
  await browser.close();
  await gateway.close();
});

const apiOf = (room: string) =>
  createApi({
    baseUrl: gateway.url,
    fetch,
    token: gateway.token({ sub: 'olga', room, can: ['operate'] }),
  });

/** Publishes from a page of the gateway's own origin; the page stays open. */
async function publish(room: string): Promise<Page> {
  const page = await browser.open(`${gateway.url}/`);
  const token = gateway.token({ sub: 'paula', room, can: ['publish'] });
  await publishChanging(page, `${gateway.url}/whip/${room}`, token);
  return page;
}

const settled = (room: string, { id }: RecordingView): Promise<RecordingView> =>
  waitFor(
    async () => {
      const now = await apiOf(room).call(getRecording, { params: { id } });
      return now.state === 'ready' || now.state === 'failed' ? now : null;
    },
    { timeoutMs: 120_000, everyMs: 250, what: 'the recording to be ready' },
  );

describe('a recording', () => {
  test('[REC-70] of 60 s with changes of size plays from start to end, with sound', async () => {
    const room = `rec-${randomBytes(4).toString('hex')}`;
    const api = apiOf(room);
    const page = await publish(room);
    const started = await api.call(startRecording, { params: { room }, body: {} });
    const [soundFrom, fromMs] = [await soundMadeSeconds(page), Date.now()];
    for (const [frames, width, height] of [
      [350, 1280, 720],
      [750, 480, 852],
      [1_000, 640, 360],
    ] as const) {
      await waitFor(async () => (await framesSent(page)) > frames, {
        timeoutMs: 120_000,
        what: `${frames} frames sent`,
      });
      await resizePicture(page, width, height);
    }
    await waitFor(async () => (await framesSent(page)) > 1_200, {
      timeoutMs: 120_000,
      what: 'a minute of frames',
    });
    const made = ((await soundMadeSeconds(page)) - soundFrom) / ((Date.now() - fromMs) / 1000);
    await api.call(stopRecording, { params: { id: started.id } });
    await page.close();
    const recording = await settled(room, started);
    expect(recording).toMatchObject({ state: 'ready', parts: [{ state: 'ready' }] });
    const links = await api.call(linkRecording, { params: { id: started.id }, body: {} });
    const url = gateway.url + (links.parts[0]?.url ?? '');
    const player = await browser.open(`${gateway.url}/`);
    const played = await playMovie(player, url, 2);
    await player.close();
    expect(played.outcome).toBe('ended');
    expect(played.duration).toBeGreaterThan(45);
    expect(played.endedAt).toBeGreaterThan(played.duration - 0.5);
    for (const size of ['640x360', '1280x720', '480x852']) expect(played.sizes).toContain(size);
    expect(played.firstLoudAt).toBeLessThan(GatewayProcess.usesRealNodes ? 12 : 3);
    expect(played.loudShare).toBeGreaterThan(0.3);
    const inFile = await loudShareOf(url);
    expect(inFile, JSON.stringify({ made, played })).toBeGreaterThan(0.9 * Math.min(1, made));
    expect(played.frames).toBeGreaterThan(600);
    const { streams } = await probe(url);
    expect(streams.map(({ codec_type: kind }) => kind).toSorted()).toEqual(['audio', 'video']);
  }, 400_000);
});

interface Probed {
  readonly streams: readonly { readonly codec_type: string; readonly duration: string }[];
}

/** What ffprobe sees: the second witness. A balancer in this process must go on meanwhile. */
async function probe(url: string): Promise<Probed> {
  const args = ['-v', 'error', '-show_entries', 'stream=codec_type,codec_name,duration,start_time'];
  const { stdout } = await promisify(execFile)('ffprobe', [...args, '-of', 'json', url]);
  return JSON.parse(stdout) as Probed;
}
