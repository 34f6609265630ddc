import { expect, onTestFinished, test } from 'vitest';
import { openTestBrowser } from '../support/browser/test-browser.ts';
import { GatewayProcess } from '../support/stage/gateway-process.ts';

const ADMIN_PASSWORD = 'correct-horse-battery';

test('[E2E-30] the admin page by password: it reads the rooms, and makes links', async () => {
  const gateway = await GatewayProcess.start({ ADMIN_PASSWORD });
  onTestFinished(() => gateway.close().then(() => undefined));
  const browser = await openTestBrowser();
  onTestFinished(() => browser.close());
  for (const path of ['/admin', '/admin/rooms/demo']) {
    expect((await fetch(`${gateway.url}${path}`)).status).toBe(401);
  }

  const page = await browser.open('about:blank');
  const login = gateway.url.replace('//', `//admin:${ADMIN_PASSWORD}@`);
  await page.goto(`${login}/admin`);
  await page.waitForSelector('[data-testid="overview"][data-state="ready"]');
  await page.getByTestId('nav-tokens').click();
  await page.getByTestId('link-room').fill('demo');
  await page.getByTestId('link-who').fill('anna');
  await page.getByTestId('link-submit').click();
  await page.waitForSelector('[data-testid="link"]');
});
