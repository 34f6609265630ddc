import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ConsoleStage, shoot } from '../../support/stage/console-stage.ts';
import { waitFor } from '../../support/wait-for.ts';
import { aReceiver } from '../../support/webhooks/webhook-receiver.ts';
import { says } from '../host/says.ts';

const PATIENCE = { timeout: 30_000 };

describe('webhooks on the console', () => {
  let stage: ConsoleStage;

  beforeAll(async () => {
    stage = await ConsoleStage.open();
  });
  afterEach(() => stage.clear());
  afterAll(async () => {
    await stage.close();
    expect(stage.browser.pageErrors).toEqual([]);
  });

  test('[CONSOLE-16] a receiver is added, tested, looked at, sent to again, and deleted', async () => {
    const receiver = await aReceiver();
    await receiver.up();
    const admin = await stage.openConsole('/admin/webhooks');
    await admin.getByTestId('webhook-url').fill(receiver.url);
    await admin.getByTestId('webhook-description').fill('the tills');
    await admin.getByTestId('webhook-form-submit').click();
    const secret = await admin.getByTestId('webhook-secret').inputValue(PATIENCE);
    expect(secret).toMatch(/^whsec_/);
    await admin.getByTestId('webhooks').locator('[data-webhook] a').click(PATIENCE);

    await admin.getByTestId('test-webhook').click(PATIENCE);
    await says(admin, 'outcome', 'The receiver took the test.');
    const { id } = receiver.received[0] ?? { id: 'none' };
    const tested = admin.locator('[data-delivery]').filter({ hasText: 'webhook.test' });
    await tested.getByTestId('look-at-delivery').first().click(PATIENCE);
    await says(admin, 'delivery-body', id);
    await says(admin, 'delivery', 'delivered');
    expect(await admin.content()).not.toContain(secret);
    await shoot(admin, 'delivered-1280-light');
    await admin.getByTestId('replay').click();
    await says(admin, 'outcome', 'It is sent again.');
    await waitFor(() => receiver.received.filter((each) => each.id === id).length === 2, {
      timeoutMs: 20_000,
      what: 'the same event once more',
    });
    await waitFor(async () => (await tested.count()) === 2, {
      timeoutMs: 20_000,
      what: 'both deliveries in the list',
    });

    await admin.getByTestId('delete-webhook').click();
    await admin.getByTestId('confirm-act').click();
    await says(admin, 'outcome', 'The webhook was deleted.');
    await admin.getByText('Nobody is told.').waitFor(PATIENCE);
    await receiver.down();
  });
});
