import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { waitForMovingPicture } from '../support/browser/picture.ts';
import { waitFor } from '../support/wait-for.ts';
import { Theatre, startSharing, waitForState } from './theatre.ts';

const VIDEO = '[data-testid="video"]';
const ROOM_API = '**/api/v1/rooms/**';
const EVENTS = '**/events/**';

const viewersShown = (page: Page): Promise<string | null> =>
  page.getByTestId('viewers').textContent({ timeout: 1_000 });

describe('what viewers hear by server-sent events', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open();
  });
  afterEach(async () => {
    await theatre.browser.context.unrouteAll();
    await theatre.clear();
  });
  afterAll(() => theatre.close());

  test('[E2E-20] [EVENT-05] a page that cannot ask the room hears that the publisher is gone, and is back', async () => {
    const room = theatre.newRoom();
    const share = await theatre.share(room);
    await theatre.browser.context.route(ROOM_API, (route) => route.abort());
    const viewer = await theatre.watch(room);
    await waitForMovingPicture(viewer, { selector: VIDEO });
    await waitFor(async () => (await viewersShown(viewer)) === '1', { what: 'the first event' });

    await share.getByTestId('stop').click();
    await waitForState(viewer, 'waiting');
    await startSharing(share);
    await waitForState(viewer, 'live');
    await waitForMovingPicture(viewer, { selector: VIDEO, timeoutMs: 15_000 });
  });

  test('[E2E-21] [EVENT-07] every page shows how many watch', async () => {
    const room = theatre.newRoom();
    await theatre.share(room);
    const first = await theatre.watch(room);
    await waitForState(first, 'live');
    const second = await theatre.watch(room);
    for (const page of [first, second]) {
      await waitFor(async () => (await viewersShown(page)) === '2', { what: 'two viewers' });
    }
    await second.close();
    await waitFor(async () => (await viewersShown(first)) === '1', { what: 'one viewer' });
  });

  test('[E2E-22] without events a page asks the room, and shows no count', async () => {
    const room = theatre.newRoom();
    const share = await theatre.share(room);
    await theatre.browser.context.route(EVENTS, (route) => route.abort());
    const viewer = await theatre.watch(room);
    await waitForMovingPicture(viewer, { selector: VIDEO });
    await share.getByTestId('stop').click();
    await waitForState(viewer, 'waiting');
    expect(await viewer.getByTestId('viewers').count()).toBe(0);
  });

  test('[E2E-23] [EVENT-10] more tabs than a browser has connections for all play', async () => {
    const room = theatre.newRoom();
    await theatre.share(room);
    const viewers: Page[] = [];
    for (let tab = 0; tab < 7; tab += 1) viewers.push(await theatre.watch(room));
    for (const viewer of viewers) await waitForState(viewer, 'live');
    const shown = await Promise.all(viewers.map((page) => page.getByTestId('viewers').count()));
    expect(shown.filter((count) => count === 1).length).toBeLessThanOrEqual(3);
  });
});
