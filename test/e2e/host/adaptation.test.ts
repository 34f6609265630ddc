import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HostView, Tuning } from '../../../gateway/protocol/host.ts';
import { recordFrames } from '../../bench/latency-frames.ts';
import { readConnectionStates } from '../../support/browser/peer-connections.ts';
import { samplePicture, waitForMovingPicture } from '../../support/browser/picture.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { HostProcess } from '../../support/host/host-process.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const VIDEO = '[data-testid="video"]';
const SMALL = { width: 640, height: 360 };
/** Many processes share the machine here; `npm run bench:adaptation` holds it to 300 ms. */
/** Of 6 s in which a picture that is not renegotiated never stands still. */
const LONGEST_GAP_MS = 3_000;

describe('a host that is tuned while it is watched', () => {
  let gateway: GatewayProcess;
  let browser: TestBrowser;
  let host: HostProcess;
  let page: Page;
  let room: string;

  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    browser = await openTestBrowser();
  });
  beforeEach(async () => {
    room = `tuned-${randomBytes(4).toString('hex')}`;
    const settings = { CS_WIDTH: '1280', CS_HEIGHT: '720', CS_BITRATE_KBPS: '1500' };
    const CS_TOKEN = gateway.token({ sub: 'host', room, can: ['publish', 'host'] });
    const argv = ['--gateway', gateway.url, '--room', room, '--encoder', 'x264enc'];
    host = new HostProcess(argv, { CS_TOKEN, ...settings });
    await host.live();
    const token = gateway.token({ sub: 'viewer', room, can: ['watch'] });
    page = await browser.open(`${gateway.url}/watch/${room}#token=${token}`);
    await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 20_000 });
  });
  afterEach(async () => {
    await page.close();
    expect(await host.close(), host.output).toBe(0);
  });
  afterAll(async () => {
    await browser.close();
    await gateway.close();
  });

  const ask = async (method: string, body?: Tuning): Promise<HostView> => {
    const token = gateway.token({ sub: 'operator', room, can: ['host'] });
    const response = await fetch(`${gateway.url}/api/v1/rooms/${room}/hosts/main`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.status, await response.clone().text()).toBe(200);
    return (await response.json()) as HostView;
  };
  const shows = (width: number, height: number, timeoutMs = 10_000) =>
    waitFor(
      async () => {
        const picture = await samplePicture(page, VIDEO);
        return picture.width === width && picture.height === height;
      },
      { timeoutMs, what: `a picture of ${width}x${height}` },
    );
  const statusShows = (is: (status: HostView['status']) => boolean) =>
    waitFor(async () => is((await ask('GET')).status), { what: 'the status of the host' });

  test('720p becomes 360p and 720p again: the same connection, no freeze, and the API tells it', async () => {
    const before = await readConnectionStates(page);
    const recorded = recordFrames(page, VIDEO, 6);
    await ask('PATCH', { size: SMALL });
    await shows(640, 360);
    await statusShows(({ picture, fixed }) => picture?.height === 360 && fixed.size?.width === 640);
    await ask('PATCH', { size: null });
    await shows(1280, 720);
    await statusShows(({ picture, fixed }) => picture?.height === 720 && fixed.size === null);

    const { presented } = await recorded;
    const presentedAtMs = presented.map(({ seenAtMs }) => seenAtMs);
    const gaps = presentedAtMs.slice(1).map((atMs, at) => atMs - (presentedAtMs[at] ?? atMs));
    expect(gaps.length).toBeGreaterThan(30);
    expect(Math.max(...gaps)).toBeLessThan(LONGEST_GAP_MS);
    expect(await readConnectionStates(page)).toEqual(before);
  });

  test('what is fixed stays fixed when the media process is killed', async () => {
    await ask('PATCH', { size: SMALL, fps: 10 });
    await shows(640, 360);
    const killed = host.mediaPid ?? 0;
    process.kill(killed, 'SIGKILL');
    await waitFor(() => host.mediaPid !== undefined && host.mediaPid !== killed, {
      timeoutMs: 10_000,
      what: 'another media process',
    });
    await statusShows(({ state, picture }) => state === 'live' && picture?.fps === 10);
    await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 15_000 });
    await shows(640, 360);
  });
});
