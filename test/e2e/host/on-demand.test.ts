import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { HostView } from '../../../gateway/protocol/host.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import { readTimeCode } from '../../support/browser/time-code.ts';
import { HostProcess, isAlive } from '../../support/host/host-process.ts';
import { freeTcpPort } from '../../support/net/free-port.ts';
import { GatewayProcess } from '../../support/stage/gateway-process.ts';
import { waitFor } from '../../support/wait-for.ts';

const VIDEO = '[data-testid="video"]';
const TUNE = fileURLToPath(new URL('../../../host-publisher/tune/main.ts', import.meta.url));
const ROOM = 'host-on-demand';

describe.skipIf(GatewayProcess.usesRealNodes)('a host on demand', () => {
  let gateway: GatewayProcess;
  let browser: TestBrowser;
  let host: HostProcess;
  const mint = (can: ('publish' | 'host' | 'watch')[], sub: string) =>
    gateway.token({ sub, room: ROOM, can });

  beforeAll(async () => {
    gateway = await GatewayProcess.start({ PORT: String(await freeTcpPort()) });
    browser = await openTestBrowser();
    host = new HostProcess(['--gateway', gateway.url, '--room', ROOM], {
      CS_TOKEN: mint(['publish', 'host'], 'host'),
      CS_ON_DEMAND: 'on',
      CS_ON_DEMAND_GRACE: '1',
    });
  });
  afterEach(async () => {
    for (const page of browser.context.pages()) await page.close();
  });
  afterAll(async () => {
    await browser.close();
    await host.close();
    await gateway.close();
  });

  const watch = (): Promise<Page> =>
    browser.open(`${gateway.url}/watch/${ROOM}#token=${mint(['watch'], 'viewer')}`);
  const view = async (): Promise<HostView | undefined> => {
    const body = await gateway.api('GET', `/api/v1/rooms/${ROOM}/hosts`);
    return (body as { items: readonly HostView[] }).items[0];
  };
  const inState = (state: string) =>
    waitFor(async () => (await view())?.status.state === state, {
      // A page that was closed while it connected is a viewer for 30 s more.
      timeoutMs: 60_000,
      what: `a host that is ${state}; it said: ${host.output}`,
    });
  const publishers = async (): Promise<number> => {
    const body = await gateway.api('GET', '/api/v1/sessions');
    const { items } = body as { items: readonly { kind: string; state: string }[] };
    return items.filter(({ kind, state }) => kind === 'publish' && state !== 'ended').length;
  };
  const shown = (page: Page, timeoutMs = 15_000) =>
    waitFor(() => readTimeCode(page, VIDEO), { timeoutMs, everyMs: 30, what: 'the cube' });
  const widthOf = (page: Page): Promise<number> =>
    page.locator(VIDEO).evaluate((video) => (video as HTMLVideoElement).videoWidth);

  test('the first viewer has a picture, and again after it rested', async () => {
    await inState('idle');
    expect(await publishers()).toBe(0);
    const page = await watch();
    await shown(page);
    const { mediaPid } = host;

    await page.close();
    await inState('idle');
    await waitFor(async () => (await publishers()) === 0, { what: 'the session to be gone' });
    const again = await watch();
    await shown(again);
    expect(host.mediaPid).toBe(mediaPid);
  });

  test('npm run tune changes the picture that a viewer gets', async () => {
    const page = await watch();
    await shown(page);
    expect(await widthOf(page)).toBe(640);
    const tune = async (...argv: string[]): Promise<{ code: number | null; output: string }> => {
      const child = spawn(
        process.execPath,
        [TUNE, '--gateway', gateway.url, '--room', ROOM, ...argv],
        { env: { PATH: process.env['PATH'], CS_TOKEN: mint(['host'], 'operator') } },
      );
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => (output += text));
      }
      await once(child, 'close');
      return { code: child.exitCode, output };
    };
    const done = await tune('--size', '320x180', '--fps', '10');
    expect(done.output).toContain('Fixed: fps 10, size 320x180.');
    expect(done.code).toBe(0);
    await waitFor(async () => (await widthOf(page)) === 320, {
      timeoutMs: 10_000,
      what: 'a smaller picture',
    });
    const refused = await tune('--fps', '120');
    expect(refused.output).toContain('120 frames per second are more than this host publishes');
    expect(refused.code).toBe(5);
    await tune('--size', 'auto', '--fps', 'auto');
    await waitFor(async () => (await widthOf(page)) === 640, {
      timeoutMs: 20_000,
      what: 'the full picture',
    });
  });

  test('the gateway is killed and started again: the viewer has the picture again', async () => {
    const page = await watch();
    const before = await shown(page);
    await gateway.startAnew();
    await waitFor(
      async () => {
        const code = await readTimeCode(page, VIDEO);
        return code !== null && code.paintedAtMs > before.paintedAtMs + 1_000;
      },
      { timeoutMs: 20_000, what: `the picture; the host said: ${host.output}` },
    );
  });

  test('Ctrl+C ends session, socket and processes', async () => {
    await inState('idle');
    const media = host.mediaPid ?? 0;
    expect(await host.close(), host.output).toBe(0);
    expect(isAlive(media)).toBe(false);
    await waitFor(async () => (await view()) === undefined, { what: 'the host to be gone' });
    expect(await publishers()).toBe(0);
  });
});
