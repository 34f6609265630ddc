import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { HostProcess } from '../../support/host/host-process.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const VIDEO = '[data-testid="video"]';
const ROOM = 'drive';

describe('[USER-26] guests at a host', () => {
  let gateway: GatewayProcess;
  let browser: TestBrowser;
  let cube: HostProcess;

  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    browser = await openTestBrowser();
    const CS_TOKEN = gateway.token({ sub: 'cube', room: ROOM, can: ['host', 'publish'] });
    const place = ['--gateway', gateway.url, '--room', ROOM, '--source', 'cube'];
    cube = new HostProcess(place, { CS_TOKEN });
    await cube.live();
  });
  afterAll(async () => {
    await browser.close();
    expect(browser.pageErrors).toEqual([]);
    expect(await cube.close(), cube.output).toBe(0);
    await gateway.close();
  });

  const come = async (rights: string, name: string): Promise<Page> => {
    const token = gateway.token({ sub: 'root', room: '*', can: ['admin'] });
    const reply = await fetch(`${gateway.url}/api/v1/invitations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ room: ROOM, rights }),
    });
    const { path } = (await reply.json()) as { path: string };
    const page = await browser.open(`${gateway.url}${path}`);
    await page.getByTestId('name').fill(name);
    await page.getByTestId('enter').click();
    await waitForMovingPicture(page, { selector: VIDEO, timeoutMs: 30_000 });
    await page.getByTestId('control').waitFor();
    return page;
  };
  const stands = (page: Page, kind: string) =>
    waitFor(
      async () => (await page.getByTestId('control-status').getAttribute('data-standing')) === kind,
      { timeoutMs: 15_000, what: `the page to be ${kind}` },
    );

  test('who is invited to view cannot control, who is invited to control can', async () => {
    const viewer = await come('view', 'Vera');
    await stands(viewer, 'barred');
    expect(await viewer.getByTestId('drive').count()).toBe(0);
    const driver = await come('control', 'Dora');
    await driver.getByTestId('drive').click();
    await stands(driver, 'driving');
    await viewer.getByTestId('control-status').filter({ hasText: 'Dora #' }).waitFor();
  });
});
