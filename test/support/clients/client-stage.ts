import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import type { SessionView } from '../../../gateway/protocol/api/sessions.ts';
import { paintMovingPicture } from '../browser/moving-picture.ts';
import { openPageServer, type PageServer } from '../browser/page-server.ts';
import { openTestBrowser, type TestBrowser } from '../browser/test-browser.ts';
import { GatewayProcess } from '../stage/gateway-process.ts';
import { waitFor } from '../wait-for.ts';
import { loadClients } from './client-page.ts';
import { Exchanges } from './exchanges.ts';
import type { Destination } from './client-session.ts';

/** SRS holds a name for a while: every test has its own. */
export const aRoomName = (): string => `client-${randomBytes(4).toString('hex')}`;

/** A page of another origin than the gateway's, with the public clients in it. */
export interface ClientPage {
  readonly page: Page;
  readonly exchanges: Exchanges;
}

/** A gateway, Chromium, and pages of a third party that call the gateway across origins. */
export class ClientStage {
  readonly gateway: GatewayProcess;
  readonly browser: TestBrowser;
  readonly pages: PageServer;

  private constructor(gateway: GatewayProcess, browser: TestBrowser, pages: PageServer) {
    this.gateway = gateway;
    this.browser = browser;
    this.pages = pages;
  }

  /** `settings` of the gateway, given the origin of the pages. */
  static async open(
    settings: (origin: string) => Readonly<Record<string, string>> = () => ({}),
  ): Promise<ClientStage> {
    const pages = await openPageServer();
    const gateway = await GatewayProcess.start(settings(pages.origin));
    return new ClientStage(gateway, await openTestBrowser(), pages);
  }

  whip(room: string, token = this.#token(room)): Destination {
    return { url: `${this.gateway.url}/whip/${room}`, token };
  }

  whep(room: string, token = this.#token(room)): Destination {
    return { url: `${this.gateway.url}/whep/${room}`, token };
  }

  async openPage(): Promise<ClientPage> {
    const page = await this.browser.open(this.pages.page('client'));
    await loadClients(page);
    return { page, exchanges: await Exchanges.record(page, this.gateway.url) };
  }

  /** A page with a moving picture and a tone to publish. */
  async openPublisherPage(): Promise<ClientPage> {
    const opened = await this.openPage();
    const size = { width: 640, height: 360, framesPerSecond: 20, rectangles: 4 };
    await paintMovingPicture(opened.page, size);
    return opened;
  }

  /** Waits until the room has a live publisher. */
  async waitForPublisher(room: string): Promise<void> {
    await waitFor(async () => (await this.sessionsOf(room)).some(({ state }) => state === 'live'), {
      timeoutMs: 15_000,
      what: 'a live publisher',
    });
  }

  async sessionsOf(room: string): Promise<readonly SessionView[]> {
    const reply = await this.gateway.api('GET', `/api/v1/sessions?room=${room}`);
    return (reply as { items: SessionView[] }).items;
  }

  /** Closes all pages: what one test leaves must not slow the next. */
  async clear(): Promise<void> {
    for (const page of this.browser.context.pages()) await page.close();
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.pages.close();
    await this.gateway.close();
  }

  #token(room: string): string {
    return this.gateway.token({ sub: 'client', room, can: ['publish', 'watch'] });
  }
}
