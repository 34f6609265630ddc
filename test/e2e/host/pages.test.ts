import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { HostView } from '../../../gateway/protocol/host.ts';
import { samplePicture, waitForMovingPicture } from '../../support/browser/picture.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { HostProcess } from '../../support/host/host-process.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';
import { says } from './says.ts';

const VIDEO = '[data-testid="video"]';

describe('the pages of a host', () => {
  let gateway: GatewayProcess;
  let browser: TestBrowser;
  let cube: HostProcess;

  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    browser = await openTestBrowser();
    const CS_TOKEN = gateway.token({ sub: 'cube', room: 'cube', can: ['host', 'publish'] });
    cube = new HostProcess(['--gateway', gateway.url, '--room', 'cube', '--source', 'cube'], {
      CS_TOKEN,
      CS_FPS: '30',
      CS_ON_DEMAND: 'on',
      CS_ON_DEMAND_GRACE: '3',
    });
    await waitFor(async () => (await hostsOf('cube')).length === 1, {
      timeoutMs: 15_000,
      what: 'the host to be connected',
    });
  });
  afterEach(async () => {
    for (const page of browser.context.pages()) await page.close();
  });
  afterAll(async () => {
    await browser.close();
    expect(browser.pageErrors).toEqual([]);
    expect(await cube.close(), cube.output).toBe(0);
    await gateway.close();
  });

  const hostsOf = async (room: string): Promise<readonly HostView[]> => {
    const reply = await gateway.api('GET', `/api/v1/rooms/${room}/hosts`);
    return (reply as { readonly items: readonly HostView[] }).items;
  };
  const watch = (room: string, can: readonly ('watch' | 'host')[] = ['watch']) => {
    const token = gateway.token({ sub: 'viewer', room, can: [...can] });
    return browser.open(`${gateway.url}/watch/${room}#token=${token}`);
  };
  const openAdmin = () => {
    const token = gateway.token({ sub: 'boss', room: '*', can: ['admin'] });
    return browser.open(`${gateway.url}/admin/hosts#token=${token}`);
  };
  const hasSize = (page: Page, width: number) =>
    waitFor(async () => (await samplePicture(page, VIDEO)).width === width, {
      timeoutMs: 15_000,
      what: `a picture ${width} wide`,
    });

  test('an idle host starts for whoever watches, and rests when nobody does', async () => {
    expect((await hostsOf('cube'))[0]?.status.state).toBe('idle');
    const page = await watch('cube');
    await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 15_000 });
    expect((await hostsOf('cube'))[0]?.status.state).toBe('live');
    await page.close();
    await waitFor(async () => (await hostsOf('cube'))[0]?.status.state === 'idle', {
      timeoutMs: 25_000,
      what: 'the host to rest again',
    });
  });

  test('players report, and the card says what the host is', async () => {
    const page = await watch('cube');
    await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 15_000 });
    const audience = await waitFor(
      async () => {
        const report = (await hostsOf('cube'))[0]?.audience;
        return report != null && report.reporting === 1 && report;
      },
      { timeoutMs: 15_000, what: 'a report of the audience' },
    );
    expect(audience.viewers).toBe(1);
    expect(audience.lossMedian).toBeLessThan(0.05);

    await page.getByTestId('figures-toggle').click();
    const { status } = (await hostsOf('cube'))[0] ?? {};
    await says(page, 'host', 'Rotating cube');
    await says(page, 'figure-host-encoder', status?.encoder ?? '?');
    await says(page, 'figure-host-size', '640 × 360');
    await says(page, 'figure-host-fps', '30');
    await says(page, 'figure-host-publisher', status?.publisher ?? '?');
    expect(await page.getByTestId('tuning').count()).toBe(0);
    expect(await page.getByTestId('figure-host-sent').count()).toBe(0);
  });

  test('what an admin fixes is what viewers decode, without a new session', async () => {
    const viewer = await watch('cube');
    await waitForMovingPicture(viewer, { selector: VIDEO, timeoutMs: 15_000 });
    await hasSize(viewer, 640);
    const admin = await openAdmin();
    await admin.locator('[data-host="cube/main"] [data-testid="adjust"]').click();

    await admin.getByTestId('tune-size').selectOption('320x180');
    await says(admin, 'tuning-outcome', 'The host has taken it.');
    await hasSize(viewer, 320);
    await says(admin, 'hosts', '320 × 180');
    expect(await admin.getByTestId('tune-size').inputValue()).toBe('320x180');

    await admin.getByTestId('tune-size').selectOption('automatic');
    await hasSize(viewer, 640);
    expect(await viewer.evaluate(() => window.testPeers?.length)).toBe(1);
  });

  test('whoever may host has the panel beside the picture', async () => {
    const page = await watch('cube', ['watch', 'host']);
    await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 15_000 });
    await page.getByTestId('figures-toggle').click();
    await page.getByTestId('tune-fps').selectOption('10');
    await says(page, 'tuning-outcome', 'The host has taken it.');
    await says(page, 'figure-host-fps', '10');
    await says(page, 'figure-host-fixed', 'Frames per second');
    await says(page, 'figure-host-sent', 'bit/s');
    await page.getByTestId('tune-fps').selectOption('automatic');
    await says(page, 'figure-host-fps', '30');
  });
});
