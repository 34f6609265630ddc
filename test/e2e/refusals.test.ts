import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SessionView } from '../../gateway/protocol/api/sessions.ts';
import { waitForMovingPicture } from '../support/browser/picture.ts';
import { waitFor } from '../support/wait-for.ts';
import { Theatre, stateOf, waitForState } from './theatre.ts';

const VIDEO = '[data-testid="video"]';

describe('who may not, and who no longer may', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open();
  });
  afterEach(() => theatre.clear());
  afterAll(() => theatre.close());

  const sessionsOf = async (room: string): Promise<SessionView[]> => {
    const reply = await theatre.gateway.api('GET', `/api/v1/sessions?room=${room}`);
    return (reply as { items: SessionView[] }).items;
  };

  test('[E2E-5] a kicked viewer is told so, does not come back by itself, and others stay', async () => {
    const room = theatre.newRoom();
    await theatre.share(room);
    const kicked = await theatre.watch(room, 'unwelcome');
    const other = await theatre.watch(room, 'welcome');
    await waitForMovingPicture(kicked, { selector: VIDEO });
    await waitForMovingPicture(other, { selector: VIDEO });

    const session = (await sessionsOf(room)).find(({ subject }) => subject === 'unwelcome');
    await theatre.gateway.api('DELETE', `/api/v1/sessions/${session?.id ?? 'none'}`);
    await waitForState(kicked, 'failed');
    expect(await kicked.getByTestId('overlay').textContent()).toMatch(/removed/i);
    // The presenter has a session for each mode.
    const here = (await sessionsOf(room)).map(({ subject }) => subject);
    expect(new Set(here)).toEqual(new Set(['presenter', 'welcome']));
    await waitForMovingPicture(other, { selector: VIDEO });
  });

  test('[E2E-6] a token for another room, an expired one and none are refused in plain words', async () => {
    const room = theatre.newRoom();
    const { gateway, browser } = theatre;
    const foreign = gateway.token({ sub: 'a', room: 'elsewhere', can: ['watch'] });
    const expired = gateway.token({ sub: 'a', room, can: ['watch'], exp: 1_700_000_000 });
    for (const [fragment, words] of [
      [`#token=${foreign}`, /room|allow/i],
      [`#token=${expired}`, /expired/i],
      ['', /link|token/i],
    ] as const) {
      const page = await browser.open(`${gateway.url}/watch/${room}${fragment}`);
      await waitForState(page, 'failed');
      expect(await page.getByTestId('overlay').textContent()).toMatch(words);
    }
  });

  test('[E2E-7] a watch token cannot publish', async () => {
    const room = theatre.newRoom();
    const token = theatre.gateway.token({ sub: 'a', room, can: ['watch'] });
    const page = await theatre.browser.open(`${theatre.gateway.url}/share/${room}#token=${token}`);
    await page.getByTestId('start').click();
    await waitForState(page, 'failed');
    expect(await sessionsOf(room)).toEqual([]);
  });

  test('[E2E-8] a second publisher is told that somebody shares already; the first goes on', async () => {
    const room = theatre.newRoom();
    const first = await theatre.share(room, 'anna');
    const viewer = await theatre.watch(room);
    await waitForMovingPicture(viewer, { selector: VIDEO });

    const second = await theatre.openShare(room, 'berta');
    await second.getByTestId('start').click();
    await waitForState(second, 'failed');
    expect(await second.getByTestId('notice').textContent()).toMatch(/already/i);
    expect(await stateOf(first)).toBe('live');
    await waitForMovingPicture(viewer, { selector: VIDEO });
  });

  test('[E2E-9] the same person sharing from a second page takes over, and the first says so', async () => {
    const room = theatre.newRoom();
    const first = await theatre.share(room, 'anna');
    const viewer = await theatre.watch(room);
    await waitForMovingPicture(viewer, { selector: VIDEO });

    await theatre.share(room, 'anna');
    await waitForState(first, 'failed');
    expect(await first.getByTestId('notice').textContent()).toMatch(/another|elsewhere|second/i);
    await waitForMovingPicture(viewer, { selector: VIDEO, timeoutMs: 15_000 });
  });

  test('[E2E-10] a session ends when its token runs out', async () => {
    const room = theatre.newRoom();
    await theatre.share(room);
    const { gateway, browser } = theatre;
    const exp = Math.floor(Date.now() / 1000) + 15;
    const token = gateway.token({ sub: 'guest', room, can: ['watch'], exp });
    const page = await browser.open(`${gateway.url}/watch/${room}#token=${token}`);
    await waitForMovingPicture(page, { selector: VIDEO });
    const isGuest = ({ subject }: { subject: string }) => subject === 'guest';
    await waitFor(async () => !(await sessionsOf(room)).some(isGuest), {
      timeoutMs: 20_000,
      what: 'the guest’s session to end',
    });
    await waitForState(page, 'failed');
    expect(await page.getByTestId('overlay').textContent()).toMatch(/expired/i);
  });
});
