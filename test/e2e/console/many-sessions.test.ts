import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mint } from '../../bench/gateway-process.ts';
import { startScaleGateway, type ScaleGateway } from '../../bench/scale-gateway.ts';
import { findBarriers } from '../../support/browser/axe.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { fitsScreen, isReady, shoot } from '../../support/stage/console-stage.ts';
import { waitFor } from '../../support/wait-for.ts';
import { says } from '../host/says.ts';

const PATIENCE = { timeout: 30_000 };
/** Elements of a page of 50 rows, and of all around them. */
const MOST_ELEMENTS = 2_500;

let gateway: ScaleGateway;
let browser: TestBrowser;

beforeAll(async () => {
  gateway = await startScaleGateway();
  await gateway.fill({ rooms: 500, sessionsPerRoom: 10 });
  browser = await openTestBrowser();
});
afterAll(async () => {
  await browser.close();
  await gateway.close();
  expect(browser.pageErrors).toEqual([]);
});

async function openConsole(path: string): Promise<Page> {
  const page = await browser.open(`${gateway.url}${path}#token=${mint('*', ['admin'], 'boss')}`);
  await isReady(page);
  return page;
}

/** Waits until the rows of the table are these, by their first column. */
const rowsAre = (page: Page, first: string, count: number) =>
  waitFor(
    async () => {
      const names = await page.locator('tr[data-session] th').allInnerTexts();
      return names[0] === first && names.length === count;
    },
    { timeoutMs: 20_000, what: `${count} rows from ${first} on` },
  );

test('[CONSOLE-08] among 5,000 sessions one page is shown, and those before and after it', async () => {
  const page = await openConsole('/admin/sessions?order=oldest');
  await says(page, 'page-place', '1–50 of 5,000');
  await rowsAre(page, 'person-0-0', 50);
  const elements = await page.evaluate(() => document.querySelectorAll('*').length);
  expect(elements).toBeLessThan(MOST_ELEMENTS);
  await shoot(page, 'many-sessions-1280-light');
  await page.getByTestId('page-next').click();
  await says(page, 'page-place', '51–100 of 5,000');
  await rowsAre(page, 'person-5-0', 50);
  await page.getByTestId('page-previous').click();
  await rowsAre(page, 'person-0-0', 50);
  await page.getByTestId('filter-order').selectOption('newest');
  await rowsAre(page, 'person-499-9', 50);
  expect(await findBarriers(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await fitsScreen(page);
});

test('[CONSOLE-08] one of 5,000 is found and kicked', async () => {
  const page = await openConsole('/admin/sessions');
  await page.getByTestId('search').fill('PERSON-321-7');
  await says(page, 'page-place', '1 of 1');
  await rowsAre(page, 'person-321-7', 1);
  await page.getByTestId('kick').click(PATIENCE);
  await page.getByTestId('confirm-act').click();
  await says(page, 'outcome', 'person-321-7 was removed.');
  await says(page, 'page-place', 'none');
  await page.getByTestId('search').fill('');
  await says(page, 'page-place', 'of 4,999');
});

test('[CONSOLE-08] 500 rooms come page by page, and one of them has its own sessions alone', async () => {
  const rooms = await openConsole('/admin/rooms');
  await says(rooms, 'page-place', '1–50 of 500');
  const sessions = await openConsole('/admin/sessions?room=room-77&order=oldest');
  await rowsAre(sessions, 'person-77-0', 10);
  await sessions.getByTestId('filter-kind').selectOption('publish');
  await rowsAre(sessions, 'person-77-0', 1);
});
