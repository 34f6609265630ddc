import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { NodeView } from '../../../gateway/protocol/api/nodes.ts';
import { findBarriers } from '../../support/browser/axe.ts';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import {
  ConsoleStage,
  fitsScreen,
  isReady,
  ON_AIR,
  shoot,
} from '../../support/stage/console-stage.ts';
import { waitFor } from '../../support/wait-for.ts';
import { waitForState } from '../theatre.ts';

const PATIENCE = { timeout: 30_000 };
const CONTROL = `/api/v1/rooms/${ON_AIR.room}/hosts/${ON_AIR.source}/control`;

describe('what is seen and set on the console', () => {
  let stage: ConsoleStage;

  beforeAll(async () => {
    stage = await ConsoleStage.open();
  });
  afterEach(() => stage.clear());
  afterAll(async () => {
    await stage.close();
    expect(stage.browser.pageErrors).toEqual([]);
  });

  test('[CONSOLE-06] a media server is opened from its list: its figures, streams and clients, and their sessions', async () => {
    const { items } = (await stage.gateway.api('GET', '/api/v1/nodes')) as { items: NodeView[] };
    const { node = '' } = items.find(({ sessions }) => sessions > 0) ?? {};
    const admin = await stage.openConsole('/admin/nodes');
    await admin.getByTestId('nodes').locator('th a').filter({ hasText: node }).click();
    await admin.getByTestId('node-process').waitFor(PATIENCE);
    const path = `[data-path="${ON_AIR.room}/${ON_AIR.source}"]`;
    await admin.getByTestId('node-streams').locator(path).waitFor(PATIENCE);
    await admin.getByTestId('node-list').selectOption('vhosts');
    await admin.getByTestId('node-vhosts').locator('[data-vhost]').first().waitFor(PATIENCE);
    await admin.getByTestId('node-list').selectOption('clients');
    await admin.getByTestId('search').fill('no-such-client');
    await admin.getByText('It has nothing like that.').waitFor(PATIENCE);
    await admin.getByTestId('search').fill(ON_AIR.room);
    const client = admin.getByTestId('node-clients').locator(path).first();
    await client.getByTestId('client-session').locator('a').click(PATIENCE);
    await admin.getByTestId('session-facts').waitFor(PATIENCE);
  });

  test('[CONSOLE-06] a media server that is none is said to be none', async () => {
    const admin = await stage.openConsole('/admin/nodes/nowhere%3A1985');
    await admin.getByText('There is no such media server').waitFor(PATIENCE);
  });

  test('[CONSOLE-09] sessions are filtered by way, state and room, and the address keeps it', async () => {
    const admin = await stage.openConsole('/admin/sessions');
    const rows = admin.locator('tr[data-session]');
    const ways = (way: string) =>
      waitFor(
        async () => {
          const told = await rows.locator('[data-title="By"]').allInnerTexts();
          return told.length === 1 && told[0]?.startsWith(way);
        },
        { timeoutMs: 20_000, what: `one row by ${way}` },
      );
    await admin.getByTestId('filter-transport').selectOption('websocket');
    await ways('WebSocket');
    await admin.getByTestId('filter-transport').selectOption('webrtc');
    await ways('WebRTC');
    await admin.getByTestId('filter-state').selectOption('offering');
    await admin.getByText('Nobody like that is here.').waitFor(PATIENCE);
    await admin.getByTestId('filter-state').selectOption('live');
    await admin.getByTestId('filter-room').fill(ON_AIR.room);
    await ways('WebRTC');
    await waitFor(() => new URL(admin.url()).searchParams.get('room') === ON_AIR.room, {
      timeoutMs: 20_000,
      what: 'the address to name the room',
    });
    await admin.reload();
    await isReady(admin);
    await ways('WebRTC');
  });

  test('[CONSOLE-10] a picture that is scrolled away rests, and comes back', async () => {
    const admin = await stage.openConsole(`/admin/rooms/${ON_AIR.room}`);
    await admin.setViewportSize({ width: 1280, height: 300 });
    const watching = async () => {
      const { total } = (await stage.gateway.api('GET', '/api/v1/sessions?kind=watch')) as {
        readonly total: number;
      };
      return total;
    };
    const picture = { selector: '[data-testid="preview"]', timeoutMs: 30_000 };
    await admin.getByTestId('preview-start').click();
    await waitForMovingPicture(admin, picture);
    await admin.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await waitFor(async () => (await watching()) === 0, {
      timeoutMs: 20_000,
      what: 'the session of the preview to end',
    });
    await admin.evaluate(() => window.scrollTo(0, 0));
    await waitForMovingPicture(admin, picture);
    await waitFor(async () => (await watching()) === 1, {
      timeoutMs: 20_000,
      what: 'the session of the preview',
    });
  });

  test('[CONSOLE-11] who had control is shown, and who may have it is changed', async () => {
    const viewer = await stage.watch('anna');
    await waitForState(viewer, 'live', 60_000);
    await viewer.getByTestId('drive').click(PATIENCE);
    const admin = await stage.openConsole(`/admin/rooms/${ON_AIR.room}`);
    const lease = admin.getByTestId('control-history').locator('[data-record="lease"]');
    await lease.filter({ hasText: 'now' }).waitFor(PATIENCE);
    await admin.getByTestId('policy-mode').selectOption('view-only');
    await lease.filter({ hasText: 'the room was locked' }).waitFor(PATIENCE);
    await waitFor(
      async () => (await admin.getByTestId('policy-mode').inputValue()) === 'view-only',
      {
        timeoutMs: 20_000,
        what: 'the page to show the policy',
      },
    );
    const { state } = (await stage.gateway.api('GET', CONTROL)) as {
      readonly state: { readonly policy: { readonly mode: string } };
    };
    expect(state.policy.mode).toBe('view-only');
    expect(await findBarriers(admin)).toEqual([]);
    await shoot(admin, 'control-1280-light');
    await admin.setViewportSize({ width: 390, height: 844 });
    await fitsScreen(admin);
    await shoot(admin, 'control-390-light');
  });

  test('[CONSOLE-12] what needs somebody leads to where it is mended', async () => {
    const { url } = stage.gateway;
    await fetch(`${url}/api/srs/on_publish?secret=wrong`, { method: 'POST' });
    const admin = await stage.openConsole('/admin');
    const hooks = admin.getByTestId('troubles').locator('[data-page="nodes"]');
    await hooks.filter({ hasText: 'wrong hook secret' }).waitFor(PATIENCE);
    await shoot(admin, 'troubles-1280-light');
    await admin.getByTestId('troubles').locator('[data-page="ice"] a').click();
    await admin.getByTestId('ice-page').waitFor(PATIENCE);
  });

  test('[CONSOLE-18] the reference of the API has no barriers, and fits wide and narrow screens', async () => {
    const page = await stage.browser.open(`${stage.gateway.url}/api`);
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await fitsScreen(page);
      expect(await findBarriers(page), String(width)).toEqual([]);
      await page.screenshot({ path: `test-results/console/api-${width}.png` });
    }
  });
});
