import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { HostProcess } from '../host/host-process.ts';
import { openTestBrowser, type TestBrowser } from '../browser/test-browser.ts';
import { waitFor } from '../wait-for.ts';
import { GatewayProcess } from './gateway-process.ts';

const SHOTS = fileURLToPath(new URL('../../../test-results/console/', import.meta.url));

/** Who publishes on the stage, and where. */
export const ON_AIR = { room: 'cube', source: 'main' };

/** A gateway with a host that publishes, and a browser for its console. */
export class ConsoleStage {
  readonly gateway: GatewayProcess;
  readonly browser: TestBrowser;
  readonly #host: HostProcess;

  private constructor(gateway: GatewayProcess, browser: TestBrowser, host: HostProcess) {
    this.gateway = gateway;
    this.browser = browser;
    this.#host = host;
  }

  static async open(settings: Readonly<Record<string, string>> = {}): Promise<ConsoleStage> {
    const gateway = await GatewayProcess.start({
      WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1',
      ...settings,
    });
    const browser = await openTestBrowser();
    const { room } = ON_AIR;
    const CS_TOKEN = gateway.token({ sub: 'cube', room, can: ['host', 'publish'] });
    const host = new HostProcess(['--gateway', gateway.url, '--room', room, '--source', 'cube'], {
      CS_TOKEN,
    });
    await host.live();
    return new ConsoleStage(gateway, browser, host);
  }

  /** Opens a page of the console as the administrator of everything, and waits until it is read. */
  async openConsole(path: string): Promise<Page> {
    const token = this.gateway.token({ sub: 'boss', room: '*', can: ['admin'] });
    const page = await this.browser.open(`${this.gateway.url}${path}#token=${token}`);
    await isReady(page);
    return page;
  }

  /** Accounts, invitations and tokens, so that no list is empty. */
  async fill(): Promise<void> {
    const { room } = ON_AIR;
    const password = 'a-password-for-tests';
    await this.#post('users', { name: 'olga', password, role: 'operator', rooms: [room] });
    await this.#post('invitations', { room, rights: 'control', uses: 3, note: 'for the demo' });
    // Nobody answers there: a receiver that fails.
    await this.#post('webhooks', { url: 'http://127.0.0.1:9/hook', description: 'billing' });
    await this.#post('tokens', { sub: 'OBS in the hall', room, can: ['publish'] });
  }

  async #post(collection: string, body: object): Promise<void> {
    const token = this.gateway.token({ sub: 'boss', room: '*', can: ['admin'] });
    const reply = await fetch(`${this.gateway.url}/api/v1/${collection}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(`${collection}: ${reply.status} ${await reply.text()}`);
  }

  /** A page that watches what is on air. */
  async watch(sub: string): Promise<Page> {
    const { room } = ON_AIR;
    const token = this.gateway.token({ sub, room, can: ['watch', 'control'] });
    return this.browser.open(`${this.gateway.url}/watch/${room}#token=${token}`);
  }

  /** Closes all pages. */
  async clear(): Promise<void> {
    for (const page of this.browser.context.pages()) await page.close();
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#host.close();
    await this.gateway.close();
  }
}

/** Waits until a page of the console shows what it asked for. */
export async function isReady(page: Page): Promise<void> {
  await page.locator('.console-page[data-state="ready"]').waitFor({ timeout: 20_000 });
}

/** Keeps what a page looks like, for whoever reads the results. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}${name}.png`, fullPage: true });
}

/** Waits until no part of the page is wider than the screen. */
export async function fitsScreen(page: Page): Promise<void> {
  await waitFor(
    () =>
      page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth <= clientWidth;
      }),
    { timeoutMs: 5_000, what: `${page.url()} to fit its screen` },
  );
}

/** Waits until what changed is on the screen. */
export async function isPainted(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
      }),
  );
}
