import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { Page } from 'playwright-core';
import { paintMovingPicture } from '../support/browser/moving-picture.ts';
import { openPageServer, type PageServer } from '../support/browser/page-server.ts';
import { openTestBrowser, type TestBrowser } from '../support/browser/test-browser.ts';
import { GatewayProcess } from '../support/stage/gateway-process.ts';
import { waitFor } from '../support/wait-for.ts';

/** The tab that gets shared: getDisplayMedia picks it by this title. */
const PICTURE_TITLE = 'pixelcast moving picture';

/** Everything an end-to-end test needs: a gateway, Chromium, and a tab worth sharing. */
export class Theatre {
  readonly gateway: GatewayProcess;
  readonly browser: TestBrowser;
  readonly #pages: PageServer;
  readonly #picture: Page;

  private constructor(parts: {
    gateway: GatewayProcess;
    browser: TestBrowser;
    pages: PageServer;
    picture: Page;
  }) {
    this.gateway = parts.gateway;
    this.browser = parts.browser;
    this.#pages = parts.pages;
    this.#picture = parts.picture;
  }

  static async open(settings: Readonly<Record<string, string>> = {}): Promise<Theatre> {
    const gateway = await GatewayProcess.start(settings);
    const pages = await openPageServer();
    const browser = await openTestBrowser({ capture: { kind: 'tab', title: PICTURE_TITLE } });
    const picture = await browser.open(pages.page(PICTURE_TITLE));
    await paintMovingPicture(picture);
    return new Theatre({ gateway, browser, pages, picture });
  }

  /** SRS holds a name for 30 s after a browser was killed: every test has its own. */
  newRoom(): string {
    return `e2e-${randomBytes(4).toString('hex')}`;
  }

  /** `query` begins with `?`. */
  async openShare(room: string, sub = 'presenter', query = ''): Promise<Page> {
    const token = this.gateway.token({ sub, room, can: ['publish', 'watch'] });
    return this.browser.open(`${this.gateway.url}/share/${room}${query}#token=${token}`);
  }

  /** Opens the share page, presses the button and waits until media is sent. */
  async share(room: string, sub = 'presenter'): Promise<Page> {
    const page = await this.openShare(room, sub);
    await startSharing(page);
    return page;
  }

  async watch(room: string, sub = 'viewer'): Promise<Page> {
    const token = this.gateway.token({ sub, room, can: ['watch'] });
    return this.browser.open(`${this.gateway.url}/watch/${room}#token=${token}`);
  }

  /** Closes every page but the picture: what one test leaves must not slow the next. */
  async clear(): Promise<void> {
    for (const page of this.browser.context.pages()) {
      if (page !== this.#picture) await page.close();
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#pages.close();
    const code = await this.gateway.close();
    expect(this.browser.pageErrors).toEqual([]);
    expect(code, this.gateway.output).toBe(0);
  }
}

/** Presses the button and waits until media is sent by WebRTC. */
export async function startSharing(page: Page): Promise<void> {
  await page.getByTestId('start').click();
  await waitForState(page, 'live');
  await waitForWay(page, 'webrtc');
}

/** Waits until a share page sends by a way. */
export async function waitForWay(page: Page, way: 'webrtc' | 'websocket'): Promise<void> {
  await waitFor(
    async () => (await page.locator('main').getAttribute('data-ways'))?.split(' ').includes(way),
    { timeoutMs: 20_000, what: `the page to share by ${way}` },
  );
}

/** Waits until a share or watch page is in a state. */
export async function waitForState(page: Page, state: string, timeoutMs = 20_000): Promise<void> {
  await waitFor(async () => (await stateOf(page)) === state, {
    timeoutMs,
    everyMs: 50,
    what: `state ${state} on ${new URL(page.url()).pathname}`,
  });
}

export async function stateOf(page: Page): Promise<string | null> {
  return await page.locator('main[data-state]').getAttribute('data-state');
}
