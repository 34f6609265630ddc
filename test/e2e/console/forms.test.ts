import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ConsoleStage, ON_AIR, shoot } from '../../support/stage/console-stage.ts';
import { waitFor } from '../../support/wait-for.ts';
import { says } from '../host/says.ts';

const PATIENCE = { timeout: 30_000 };

describe('the forms of the console', () => {
  let stage: ConsoleStage;

  beforeAll(async () => {
    stage = await ConsoleStage.open({ RECORDING: 'on-demand' });
  });
  afterEach(() => stage.clear());
  afterAll(async () => {
    await stage.close();
    expect(stage.browser.pageErrors).toEqual([]);
  });

  /** Presses a button of a row, and the one that confirms it. */
  const confirm = async (page: Page, button: string): Promise<void> => {
    await page.getByTestId(button).click(PATIENCE);
    await page.getByTestId('confirm-act').click(PATIENCE);
  };
  const call = (method: string, path: string, token: string, body?: object) =>
    fetch(`${stage.gateway.url}/api/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'if-match': '*',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const boss = () => stage.gateway.token({ sub: 'boss', room: '*', can: ['admin'] });

  test('[CONSOLE-13] an account is made, changed by the one who saw its latest state, and deleted', async () => {
    const admin = await stage.openConsole('/admin/users');
    await admin.getByTestId('user-name').fill('nora');
    await admin.getByTestId('user-password').fill('too short');
    await admin.getByTestId('user-form-submit').click();
    await admin.getByTestId('user-form').getByTestId('notice').waitFor(PATIENCE);
    await admin.getByTestId('user-password').fill('a password that is long');
    await admin.getByTestId('user-form-submit').click();
    await says(admin, 'outcome', 'nora can log in now.');
    const row = admin.locator('[data-user="nora"]');
    await row.getByTestId('change-user').click(PATIENCE);

    const { items } = (await (await call('GET', 'users', boss())).json()) as {
      readonly items: readonly { readonly id: string; readonly name: string }[];
    };
    const id = items.find(({ name }) => name === 'nora')?.id ?? 'none';
    const meanwhile = await call('PATCH', `users/${id}`, boss(), { role: 'presenter' });
    expect(meanwhile.status).toBe(200);
    await admin.getByTestId('change-role').selectOption('operator');
    await admin.getByTestId('user-change-form-submit').click();
    const notice = admin.getByTestId('user-change').getByTestId('notice');
    await notice.filter({ hasText: 'Somebody else changed this meanwhile.' }).waitFor(PATIENCE);
    await shoot(admin, 'user-stale-1280-light');
    await admin.getByTestId('user-change').getByText('Cancel').click();

    await row.filter({ hasText: /presenter/i }).waitFor(PATIENCE);
    await row.getByTestId('change-user').click();
    await admin.getByTestId('change-role').selectOption('operator');
    await admin.getByTestId('user-change-form-submit').click();
    await says(admin, 'outcome', 'nora was changed.');
    await row.filter({ hasText: /operator/i }).waitFor(PATIENCE);
    await row.getByTestId('delete-user').click();
    await admin.getByTestId('confirm-act').click();
    await says(admin, 'outcome', 'nora was deleted.');
    await row.waitFor({ state: 'detached', ...PATIENCE });
  });

  test('[CONSOLE-14] a token is made, works, and is taken back', async () => {
    const admin = await stage.openConsole('/admin/tokens');
    await admin.getByTestId('token-room').fill(ON_AIR.room);
    await admin.getByTestId('token-who').fill('OBS in the yard');
    await admin.getByTestId('token-form-submit').click();
    const token = await admin.getByTestId('token').inputValue(PATIENCE);
    const look = async () => (await call('GET', `rooms/${ON_AIR.room}`, token)).status;
    expect(await look()).toBe(200);
    const row = admin.locator('[data-jti]').filter({ hasText: 'OBS in the yard' });
    await row.getByTestId('revoke-token').click(PATIENCE);
    await admin.getByTestId('confirm-act').click();
    await says(admin, 'outcome', 'What OBS in the yard had works no more.');
    await row.filter({ hasText: 'taken back' }).waitFor(PATIENCE);
    await waitFor(async () => (await look()) === 401, {
      timeoutMs: 20_000,
      what: 'the token to be refused',
    });
  });

  test('[CONSOLE-15] an invitation is made, redeemed elsewhere, and taken back', async () => {
    const admin = await stage.openConsole('/admin/invitations');
    await admin.getByTestId('invitation-room').fill(ON_AIR.room);
    await admin.getByTestId('invitation-uses').fill('2');
    await admin.getByTestId('invitation-form-submit').click();
    const link = await admin.getByTestId('invitation').inputValue(PATIENCE);
    const elsewhere = await stage.browser.browser.newContext();
    const guest = await elsewhere.newPage();
    await guest.goto(link);
    await guest.getByTestId('name').fill('Gustav');
    await guest.getByTestId('enter').click();
    await waitFor(() => new URL(guest.url()).pathname === `/watch/${ON_AIR.room}`, {
      timeoutMs: 20_000,
      what: 'the guest to come in',
    });
    const row = admin.locator('[data-invitation]');
    await row.filter({ hasText: '1 of 2' }).waitFor(PATIENCE);
    await confirm(admin, 'revoke-invitation');
    await says(admin, 'outcome', 'The invitation was taken back.');
    await row.filter({ hasText: 'taken back' }).waitFor(PATIENCE);
    await guest.locator('main[data-state="failed"]').waitFor(PATIENCE);
    const late = await elsewhere.newPage();
    await late.goto(link);
    await late.getByTestId('name').fill('Late');
    await late.getByTestId('enter').click();
    await late.getByTestId('notice').filter({ hasText: 'taken back' }).waitFor(PATIENCE);
    await elsewhere.close();
  });

  test('[CONSOLE-17] a recording is seen to run, stopped and deleted', async () => {
    expect((await call('POST', `rooms/${ON_AIR.room}/recordings`, boss(), {})).status).toBe(201);
    const admin = await stage.openConsole('/admin/recordings');
    const row = admin.locator('[data-recording]').filter({ hasText: ON_AIR.room });
    await row.getByTestId('stop-recording').click(PATIENCE);
    await says(admin, 'outcome', `${ON_AIR.room} is recorded no more.`);
    await row.getByTestId('stop-recording').waitFor({ state: 'detached', ...PATIENCE });
    await row.getByTestId('delete-recording').click();
    await admin.getByTestId('confirm-act').click();
    await says(admin, 'outcome', 'The recording was deleted.');
    await row.waitFor({ state: 'detached', ...PATIENCE });
  });
});
