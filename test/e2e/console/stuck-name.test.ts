import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { anOffer } from '../../support/contract/sdp-offer.ts';
import { isReady, shoot } from '../../support/stage/console-stage.ts';
import { openSharedNode, type SharedNodeStage } from '../../support/stage/shared-node-stage.ts';

const PATIENCE = { timeout: 30_000 };
/** The gateway frees such a name by itself some seconds later: it may have been faster. */
const ATTEMPTS = 5;

let stage: SharedNodeStage;
let browser: TestBrowser;

beforeAll(async () => {
  stage = await openSharedNode();
  browser = await openTestBrowser();
});
afterAll(async () => {
  await browser.close();
  await stage.close();
  expect(browser.pageErrors).toEqual([]);
});

/** Somebody wants to share by the gateway. */
async function share(room: string): Promise<number> {
  const { gateway } = stage;
  const token = gateway.token({ sub: 'paul', room, can: ['publish'] });
  const reply = await fetch(`${gateway.url}/whip/${room}/main`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' },
    body: anOffer('publish'),
  });
  await reply.text();
  return reply.status;
}

/** Asks on the console; the name is taken at the media server when that is confirmed. */
async function freeOnConsole(admin: Page, room: string): Promise<string> {
  await admin.getByTestId('free-name-submit').click();
  expect(await stage.publishThere(room, 'main')).toBe(201);
  expect(await stage.publishThere(room, 'main'), 'a second one').not.toBe(201);
  await admin.getByTestId('confirm-act').click();
  const outcome = admin.getByTestId('outcome');
  await outcome
    .filter({ hasText: 'the name main' })
    .or(outcome.filter({ hasText: 'The name main' }))
    .waitFor(PATIENCE);
  const said = await outcome.innerText();
  await shoot(admin, 'stuck-name-1280-light');
  await outcome.getByLabel('Dismiss').click();
  return said;
}

test('[CONSOLE-05] a name that is held at the media server is freed, and the next one shares', async () => {
  const room = stage.newRoom();
  const token = stage.gateway.token({ sub: 'boss', room: '*', can: ['admin'] });
  const admin = await browser.open(`${stage.gateway.url}/admin/rooms/${room}#token=${token}`);
  await isReady(admin);
  let said = '';
  for (let attempt = 0; attempt < ATTEMPTS && !said.includes('is free'); attempt += 1) {
    said = await freeOnConsole(admin, room);
  }
  expect(said).toContain('The name main is free.');
  stage.tellOf(room);
  expect(await share(room)).toBe(201);
});
