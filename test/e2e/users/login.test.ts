import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { waitForMovingPicture } from '../../support/browser/picture.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startSharing, Theatre, waitForState } from '../theatre.ts';

const PASSWORD = 'correct horse battery';
const VIDEO = '[data-testid="video"]';

describe('[USER-26] accounts and guests on the pages', () => {
  let theatre: Theatre;

  beforeAll(async () => {
    theatre = await Theatre.open();
  });
  afterEach(async () => {
    await theatre.browser.context.clearCookies();
    await theatre.clear();
  });
  afterAll(() => theatre.close());

  const post = async (path: string, body: object): Promise<Record<string, string>> => {
    const { gateway } = theatre;
    const token = gateway.token({ sub: 'root', room: '*', can: ['admin'] });
    const reply = await fetch(`${gateway.url}/api/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(reply.status).toBe(201);
    return (await reply.json()) as Record<string, string>;
  };
  const login = async (page: Page, name: string, password = PASSWORD): Promise<void> => {
    await page.getByTestId('name').fill(name);
    await page.getByTestId('password').fill(password);
    await page.getByTestId('enter').click();
  };
  const pathIs = (page: Page, path: string) =>
    waitFor(() => new URL(page.url()).pathname === path, { what: `the page ${path}` });

  test('somebody logs in, shares and watches without a token in the link, and logs out', async () => {
    const room = theatre.newRoom();
    await post('users', { name: 'Zoë', password: PASSWORD, role: 'presenter', rooms: [room] });
    const share = await theatre.browser.open(`${theatre.gateway.url}/share/${room}`);
    await share.getByTestId('login-link').click();
    await login(share, 'zoë', 'not the password');
    await share.getByTestId('notice').filter({ hasText: 'Name or password is wrong' }).waitFor();
    await login(share, 'zoë');
    await pathIs(share, `/share/${room}`);
    await startSharing(share);
    expect(new URL(share.url()).hash).toBe('');

    const watch = await theatre.browser.open(`${theatre.gateway.url}/watch/${room}`);
    await waitForMovingPicture(watch, { selector: VIDEO, timeoutMs: 30_000 });
    const account = await theatre.browser.open(`${theatre.gateway.url}/login`);
    expect(await account.getByTestId('login').getAttribute('data-user')).toBe('Zoë');
    await account.getByTestId('logout').click();
    await account.getByTestId('enter').waitFor();
    await waitForState(watch, 'failed');
    await waitForState(share, 'failed');
  });

  test('[USER-28] an open page outlives its token: it has another by then, and nothing begins anew', async () => {
    const { gateway, browser } = theatre;
    const room = theatre.newRoom();
    await post('users', { name: 'rita', password: PASSWORD, role: 'presenter', rooms: [room] });
    const given: string[] = [];
    await browser.context.route('**/api/v1/me/token', async (route) => {
      const asked = route.request().postDataJSON() as object;
      const reply = await route.fetch({ postData: { ...asked, ttlSeconds: 60 } });
      given.push(((await reply.json()) as { token: string }).token);
      await route.fulfill({ response: reply });
    });
    const share = await browser.open(`${gateway.url}/share/${room}`);
    await share.getByTestId('login-link').click();
    await login(share, 'rita');
    await pathIs(share, `/share/${room}`);
    await startSharing(share);
    const watch = await browser.open(`${gateway.url}/watch/${room}`);
    await waitForMovingPicture(watch, { selector: VIDEO, timeoutMs: 30_000 });
    const sessions = async () => {
      const page = (await gateway.api('GET', `/api/v1/sessions?room=${room}`)) as {
        items: { id: string; transport: string }[];
      };
      const ids = page.items.flatMap(({ id, transport }) => (transport === 'webrtc' ? [id] : []));
      return ids.toSorted();
    };
    const before = await sessions();
    expect(before).toHaveLength(2);
    const [first = '', second = ''] = given;
    const isOver = async (token: string): Promise<boolean> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${gateway.url}/api/v1/rooms/${room}`, { headers })).status === 401;
    };
    const over = { timeoutMs: 120_000, everyMs: 500, what: 'the first tokens to run out' };
    await waitFor(async () => (await isOver(first)) && (await isOver(second)), over);
    await waitFor(() => given.length >= 4, { what: 'other tokens' });
    await waitForMovingPicture(watch, { selector: VIDEO, timeoutMs: 30_000 });
    expect(await sessions()).toEqual(before);
    await browser.context.unroute('**/api/v1/me/token');
  });

  test('a link back to another site is not followed', async () => {
    await post('users', { name: 'bert', password: PASSWORD, role: 'viewer', rooms: '*' });
    for (const next of ['//evil.example/x', 'https://evil.example/', '/\\evil.example']) {
      const page = await theatre.browser.open(
        `${theatre.gateway.url}/login?${new URLSearchParams({ next })}`,
      );
      await login(page, 'bert');
      await page.getByTestId('logout').waitFor();
      expect(new URL(page.url()).origin).toBe(theatre.gateway.url);
      await theatre.browser.context.clearCookies();
    }
  });

  test('guests come by invitations: one presents, one watches, and the code is worth nothing after', async () => {
    const room = theatre.newRoom();
    const come = async (rights: string, name: string): Promise<Page> => {
      const { path } = await post('invitations', { room, rights });
      const page = await theatre.browser.open(`${theatre.gateway.url}${path ?? ''}`);
      await page.getByTestId('name').fill(name);
      await page.getByTestId('enter').click();
      const again = await theatre.browser.open(`${theatre.gateway.url}${path ?? ''}`);
      await waitFor(() => new URL(page.url()).pathname !== '/invite', { what: 'the way in' });
      await again.getByTestId('name').fill('somebody else');
      await again.getByTestId('enter').click();
      await again.getByTestId('notice').filter({ hasText: 'used up' }).waitFor();
      await again.close();
      return page;
    };
    const presenter = await come('present', 'Paul');
    await pathIs(presenter, `/share/${room}`);
    await startSharing(presenter);
    const viewer = await come('view', 'Vera');
    await pathIs(viewer, `/watch/${room}`);
    await waitForMovingPicture(viewer, { selector: VIDEO, timeoutMs: 30_000 });
    const token = new URLSearchParams(new URL(viewer.url()).hash.slice(1)).get('token') ?? '';
    const share = await theatre.browser.open(`${theatre.gateway.url}/share/${room}#token=${token}`);
    await share.getByTestId('start').click();
    await waitForState(share, 'failed');
  });
});
