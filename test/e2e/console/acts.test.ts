import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { ConsoleStage, ON_AIR, shoot } from '../../support/stage/console-stage.ts';
import { waitFor } from '../../support/wait-for.ts';
import { says } from '../host/says.ts';
import { waitForState } from '../theatre.ts';

const PATIENCE = { timeout: 30_000 };

describe('what is done on the console', () => {
  let stage: ConsoleStage;

  beforeAll(async () => {
    stage = await ConsoleStage.open();
  });
  afterEach(() => stage.clear());
  afterAll(async () => {
    await stage.close();
    expect(stage.browser.pageErrors).toEqual([]);
  });

  test('[CONSOLE-02] who is kicked reads why, and leaves the list', async () => {
    const viewer = await stage.watch('anna');
    await waitForState(viewer, 'live', 60_000);
    const admin = await stage.openConsole('/admin/sessions?kind=watch');
    const row = admin.locator('[data-kind="watch"]');
    await row.waitFor(PATIENCE);
    await row.getByTestId('kick').click();
    await shoot(admin, 'kick-1280-light');
    const from = performance.now();
    await admin.getByTestId('confirm-act').click();
    await viewer.getByText('You were removed from this room.').first().waitFor(PATIENCE);
    console.log(`kicked and told: ${Math.round(performance.now() - from)} ms`);
    await says(admin, 'outcome', 'anna was removed.');
    await row.waitFor({ state: 'detached', ...PATIENCE });
  });

  test('[CONSOLE-02] who is banned does not come back', async () => {
    const viewer = await stage.watch('berta');
    await waitForState(viewer, 'live', 60_000);
    const admin = await stage.openConsole(`/admin/rooms/${ON_AIR.room}`);
    await admin.locator('[data-kind="watch"]').getByTestId('kick').click(PATIENCE);
    await admin.getByTestId('ban').check();
    await admin.getByTestId('confirm-act').click();
    await says(admin, 'outcome', 'berta was removed and banned.');
    await viewer.reload();
    await viewer.locator('[data-problem="token-revoked"]').waitFor(PATIENCE);
  });

  test('[CONSOLE-04] a picture on demand: it plays, and rests while it cannot be seen', async () => {
    const admin = await stage.openConsole(`/admin/rooms/${ON_AIR.room}`);
    const watching = async () => {
      const { total } = (await stage.gateway.api('GET', '/api/v1/sessions?kind=watch')) as {
        readonly total: number;
      };
      return total;
    };
    expect(await watching()).toBe(0);
    await admin.getByTestId('preview-start').click();
    await waitForMovingPicture(admin, { selector: '[data-testid="preview"]', timeoutMs: 30_000 });
    await shoot(admin, 'preview-1280-light');
    expect(await watching()).toBe(1);
    await admin.getByTestId('preview-stop').click();
    await waitFor(async () => (await watching()) === 0, {
      timeoutMs: 20_000,
      what: 'the session of the preview to end',
    });
  });

  test('[NODE-42] a media server is cordoned, drained and taken in again, and no server comes twice', async () => {
    const { items } = (await stage.gateway.api('GET', '/api/v1/nodes')) as {
      readonly items: readonly { readonly node: string }[];
    };
    const node = items[0]?.node ?? '';
    const admin = await stage.openConsole('/admin/nodes');
    await admin.getByTestId('node-url').fill(`http://${node}`);
    await admin.getByTestId('node-form-submit').click();
    await admin.getByText(/is known already/).waitFor(PATIENCE);
    await admin.getByRole('link', { name: node }).click();
    await admin.getByTestId('cordon').click(PATIENCE);
    const isNow = (words: string) =>
      admin.getByTestId('node-health').getByText(words).first().waitFor(PATIENCE);
    await isNow('cordoned');
    await admin.getByTestId('drain').click();
    await admin.getByTestId('confirm-act').click();
    await isNow('draining');
    await admin.getByTestId('drain-progress').waitFor(PATIENCE);
    await admin.getByTestId('uncordon').click();
    await isNow('healthy');
  });

  test('[CONSOLE-05] a name is freed', async () => {
    const admin = await stage.openConsole('/admin/rooms/empty');
    await admin.getByTestId('free-name-submit').click();
    await admin.getByTestId('confirm-act').click();
    await says(admin, 'outcome', 'Nothing held the name main.');
  });
});
