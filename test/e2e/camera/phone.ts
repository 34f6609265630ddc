import { devices, type BrowserContext, type Page } from 'playwright-core';
import { recordPeerConnections } from '../../support/browser/peer-connections.ts';
import { openTestBrowser, type TestBrowser } from '../../support/browser/test-browser.ts';
import type { GatewayProcess } from '../../support/stage/gateway-process.ts';

/** A phone: Chromium's fake camera, a small screen, fingers. */
export class Phone {
  readonly #browser: TestBrowser;
  readonly context: BrowserContext;

  private constructor(browser: TestBrowser, context: BrowserContext) {
    this.#browser = browser;
    this.context = context;
  }

  static async open(args: readonly string[] = []): Promise<Phone> {
    const browser = await openTestBrowser({
      fakeDevices: true,
      args,
    });
    const context = await browser.browser.newContext({
      ...devices['Pixel 7'],
      viewport: { width: 390, height: 760 },
    });
    await recordPeerConnections(context);
    return new Phone(browser, context);
  }

  /** The camera page of a room, before anything is pressed. */
  async openCamera(gateway: GatewayProcess, room: string, query = ''): Promise<Page> {
    const page = await this.context.newPage();
    const token = gateway.token({ sub: 'phone', room, can: ['publish', 'watch'] });
    const watch = gateway.token({ sub: 'viewer', room, can: ['watch'] });
    await page.goto(`${gateway.url}/camera/${room}${query}#token=${token}&watch=${watch}`);
    return page;
  }

  /** Ends the browser as a flat battery does: nothing is said to anybody. */
  async kill(): Promise<void> {
    const session = await this.#browser.browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    // One that outlives another by a moment would close its sockets.
    for (const signal of ['SIGSTOP', 'SIGKILL'] as const) {
      for (const { id } of processInfo) process.kill(id, signal);
    }
    await this.close();
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

/** How often this page has negotiated, and by how many connections. */
export function negotiations(page: Page): Promise<readonly (string | undefined)[]> {
  return page.evaluate(() =>
    (window.testPeers ?? []).map(
      ({ localDescription }) => localDescription?.sdp.match(/^o=.*$/m)?.[0],
    ),
  );
}
