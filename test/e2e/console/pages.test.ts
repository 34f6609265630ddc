import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findBarriers } from '../../support/browser/axe.ts';
import {
  ConsoleStage,
  fitsScreen,
  isPainted,
  isReady,
  ON_AIR,
  shoot,
} from '../../support/stage/console-stage.ts';
import { waitForState } from '../theatre.ts';

const SIZES = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];
const SCHEMES = ['light', 'dark'] as const;

describe('every page of the console, on a gateway with a host and a viewer', () => {
  let stage: ConsoleStage;

  beforeAll(async () => {
    stage = await ConsoleStage.open();
    await waitForState(await stage.watch('anna'), 'live', 60_000);
    await stage.fill();
  });
  afterEach(async () => {
    for (const page of stage.browser.context.pages()) {
      if (page.url().includes('/admin')) await page.close();
    }
  });
  afterAll(async () => {
    await stage.close();
    expect(stage.browser.pageErrors).toEqual([]);
  });

  const sessionOf = async (kind: string): Promise<string> => {
    const { items } = (await stage.gateway.api('GET', '/api/v1/sessions')) as {
      readonly items: readonly { readonly id: string; readonly kind: string }[];
    };
    return items.find((each) => each.kind === kind)?.id ?? 'none';
  };

  const firstOf = async (list: string): Promise<Readonly<Record<string, string>>> => {
    const { items } = (await stage.gateway.api('GET', `/api/v1/${list}`)) as {
      readonly items: readonly Readonly<Record<string, string>>[];
    };
    return items[0] ?? {};
  };
  const webhook = async (): Promise<string> => (await firstOf('webhooks'))['id'] ?? 'none';
  const node = async (): Promise<string> =>
    encodeURIComponent((await firstOf('nodes'))['node'] ?? 'none');
  const delivery = async (): Promise<string> => {
    const id = await webhook();
    await stage.gateway.api('POST', `/api/v1/webhooks/${id}/test`);
    const sent = await firstOf(`webhooks/${id}/deliveries`);
    return `${id}?delivery=${sent['id'] ?? 'none'}`;
  };

  test.each([
    ['overview', () => '/admin'],
    ['rooms', () => '/admin/rooms'],
    ['room', () => `/admin/rooms/${ON_AIR.room}`],
    ['sessions', () => '/admin/sessions'],
    ['session', async () => `/admin/sessions/${await sessionOf('watch')}`],
    ['hosts', () => '/admin/hosts'],
    ['nodes', () => '/admin/nodes'],
    ['node', async () => `/admin/nodes/${await node()}`],
    ['node-clients', async () => `/admin/nodes/${await node()}?list=clients`],
    ['node-vhosts', async () => `/admin/nodes/${await node()}?list=vhosts`],
    ['containers', () => '/admin/containers'],
    ['ice', () => '/admin/ice'],
    ['recordings', () => '/admin/recordings'],
    ['webhooks', () => '/admin/webhooks'],
    ['webhook', async () => `/admin/webhooks/${await webhook()}`],
    ['delivery', async () => `/admin/webhooks/${await delivery()}`],
    ['audit', () => '/admin/audit'],
    ['settings', () => '/admin/settings'],
    ['tokens', () => '/admin/tokens'],
    ['invitations', () => '/admin/invitations'],
    ['users', () => '/admin/users'],
  ])(
    '[CONSOLE-01] %s: read, without barriers, on wide and narrow screens, light and dark',
    async (name, pathOf) => {
      const page = await stage.openConsole(await pathOf());
      for (const size of SIZES) {
        await page.setViewportSize(size);
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          await isPainted(page);
          await isReady(page);
          await shoot(page, `${name}-${size.width}-${colorScheme}`);
          await fitsScreen(page);
          expect(await findBarriers(page), `${name}, ${size.width}, ${colorScheme}`).toEqual([]);
        }
      }
    },
  );

  test('[CONSOLE-19] with reduced motion, text takes another colour at once', async () => {
    const page = await stage.openConsole('/admin/users');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const cell = page.locator('th[scope="row"]').first();
    const [before, after] = await cell.evaluate((each) => {
      const style = getComputedStyle(each);
      const first = style.color;
      document.documentElement.style.setProperty('--text', 'rgb(1, 2, 3)');
      return [first, style.color];
    });
    expect(before).not.toBe(after);
    expect(after).toBe('rgb(1, 2, 3)');
  });
});
