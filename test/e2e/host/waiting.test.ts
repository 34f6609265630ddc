import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { aHost, aStatus } from '../../support/gateway/test-socket.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';
import { waitForState } from '../theatre.ts';
import { says } from './says.ts';

describe('pages beside a host that does as the test says', () => {
  let gateway: GatewayProcess;
  let browser: TestBrowser;

  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    browser = await openTestBrowser();
  });
  afterEach(async () => {
    for (const page of browser.context.pages()) await page.close();
  });
  afterAll(async () => {
    await browser.close();
    expect(browser.pageErrors).toEqual([]);
    await gateway.close();
  });

  const watch = (room: string) => {
    const token = gateway.token({ sub: 'viewer', room, can: ['watch'] });
    return browser.open(`${gateway.url}/watch/${room}#token=${token}`);
  };
  const openAdmin = () => {
    const token = gateway.token({ sub: 'boss', room: '*', can: ['admin'] });
    return browser.open(`${gateway.url}/admin/hosts#token=${token}`);
  };
  const aTestHost = (room: string, status = {}) =>
    aHost(gateway.url, {
      path: `/ws/host/${room}`,
      token: gateway.token({ sub: 'machine', room, can: ['host'] }),
      status,
    });

  test('says what it waits for: the host starts, cannot, is away', async () => {
    const host = await aTestHost('slow');
    const page = await watch('slow');
    await host.hears('media/demand', 2);
    expect(host.heard('media/demand').at(-1)).toMatchObject({ viewers: 1 });
    await says(page, 'overlay-title', 'Starting the host…');
    host.say({
      type: 'host/status',
      status: aStatus({ state: 'failed', message: 'The display :7 is not there.' }),
    });
    await says(page, 'overlay-title', 'The host cannot start');
    await says(page, 'overlay-text', 'The display :7 is not there.');
    host.socket.close();
    await says(page, 'overlay-title', 'The host is away');
  });

  test('joins when a host comes that starts by being watched', async () => {
    const page = await watch('late');
    await waitForState(page, 'waiting');
    await says(page, 'overlay-title', 'Nobody is sharing yet');
    const host = await aTestHost('late');
    await waitFor(() => host.heard('media/demand').at(-1)?.['viewers'] === 1, {
      timeoutMs: 20_000,
      what: 'the page to ask for the picture',
    });
    await says(page, 'overlay-title', 'Starting the host…');
  });

  test('a refusal of the host is told in its words, and the choice goes back', async () => {
    const host = await aTestHost('stubborn', { state: 'live' });
    const admin = await openAdmin();
    await admin.locator('[data-host="stubborn/main"] [data-testid="adjust"]').click();
    await admin.getByTestId('tune-fps').selectOption('15');
    const { id, tuning } = await host.hears('media/tune');
    expect(tuning).toEqual({ fps: 15 });
    expect(await admin.getByTestId('tune-fps').inputValue()).toBe('15');
    await says(admin, 'tuning-outcome', 'Asking the host…');
    host.say({ type: 'host/result', id, ok: false, detail: 'This encoder has one rate only.' });
    await says(admin, 'notice', 'This encoder has one rate only.');
    expect(await admin.getByTestId('tune-fps').inputValue()).toBe('automatic');
    expect(await admin.getByTestId('hosts-page').getAttribute('data-state')).toBe('ready');
  });
});
