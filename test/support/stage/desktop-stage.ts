import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Action } from '../../../gateway/protocol/grant.ts';
import { openTestBrowser, type TestBrowser } from '../browser/test-browser.ts';
import { HostProcess } from '../host/host-process.ts';
import { openVirtualDisplay, type VirtualDisplay } from '../host/virtual-display.ts';
import { BrowserWitness } from '../host/browser-witness.ts';
import { GatewayProcess } from './gateway-process.ts';

/** The element of a watch page whose picture is seen, whichever way it comes. */
export const SEEN = '.picture :is(video, canvas):not([data-unseen])';

const LARGEST = { width: 1600, height: 900 };

/** An X display with a program that tells what it received, its host, a gateway, and Chromium for viewers. */
export class DesktopStage {
  readonly gateway: GatewayProcess;
  readonly browser: TestBrowser;
  readonly display: VirtualDisplay;
  readonly witness: BrowserWitness;
  readonly host: HostProcess;
  readonly room: string;
  readonly #windowManager: ChildProcess;

  private constructor(parts: {
    gateway: GatewayProcess;
    browser: TestBrowser;
    display: VirtualDisplay;
    witness: BrowserWitness;
    host: HostProcess;
    room: string;
    windowManager: ChildProcess;
  }) {
    this.gateway = parts.gateway;
    this.browser = parts.browser;
    this.display = parts.display;
    this.witness = parts.witness;
    this.host = parts.host;
    this.room = parts.room;
    this.#windowManager = parts.windowManager;
  }

  static async open(argv: readonly string[] = []): Promise<DesktopStage> {
    const gateway = await GatewayProcess.start();
    const display = await openVirtualDisplay(LARGEST);
    const env = { ...process.env, DISPLAY: display.name };
    const windowManager = spawn('openbox', [], { env, stdio: 'ignore' });
    const witness = await BrowserWitness.open(display.name);
    const room = `desktop-${randomBytes(4).toString('hex')}`;
    const CS_TOKEN = gateway.token({ sub: 'machine', room, can: ['publish', 'host'] });
    const where = ['--gateway', gateway.url, '--room', room];
    const source = ['--source', 'desktop', '--display', display.name];
    const host = new HostProcess([...where, ...source, ...argv], { CS_TOKEN });
    await host.live();
    const browser = await openTestBrowser();
    await browser.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    return new DesktopStage({ gateway, browser, display, witness, host, room, windowManager });
  }

  /** Opens the watch page and waits for its picture. */
  async watch(
    sub: string,
    can: readonly Action[] = ['watch', 'control'],
    browser = this.browser,
    query = '',
  ): Promise<Page> {
    const token = this.gateway.token({ sub, room: this.room, can: [...can] });
    const address = `${this.gateway.url}/watch/${this.room}?${query}#token=${token}`;
    const page = await browser.open(address);
    await page.locator('[data-testid="watch"][data-mode]').waitFor({ timeout: 30_000 });
    return page;
  }

  /** Where a point of the display is in a page, CSS pixels. */
  async pointOf(page: Page, x: number, y: number): Promise<{ x: number; y: number }> {
    const { left, top } = await pictureOf(page);
    const scale = await this.scaleOf(page);
    return { x: left + x / scale, y: top + y / scale };
  }

  /** Pixels of the display by CSS pixel of a page's picture. */
  async scaleOf(page: Page): Promise<number> {
    return (await this.witness.page.evaluate(() => innerWidth)) / (await pictureOf(page)).width;
  }

  /** Ends everything; the host must end well. */
  async close(): Promise<void> {
    await this.browser.close();
    expect(await this.host.close(), this.host.output).toBe(0);
    await this.witness.close();
    this.#windowManager.kill();
    await this.display.close();
    expect(this.browser.pageErrors).toEqual([]);
    await this.gateway.close();
  }
}

/** The picture within the borders of the element that is seen. */
const pictureOf = (page: Page): Promise<{ left: number; top: number; width: number }> =>
  page.locator(SEEN).evaluate((seen: HTMLVideoElement | HTMLCanvasElement) => {
    const { x, y, width, height } = seen.getBoundingClientRect();
    const isVideo = seen instanceof HTMLVideoElement;
    const [across, down] = isVideo
      ? [seen.videoWidth, seen.videoHeight]
      : [seen.width, seen.height];
    const scale = Math.min(width / across, height / down);
    const [wide, high] = [across * scale, down * scale];
    return { left: x + (width - wide) / 2, top: y + (height - high) / 2, width: wide };
  });

/** Asks for control and waits until the page has it; the picture has the keyboard then. */
export async function takeControl(page: Page): Promise<void> {
  await page.getByTestId('drive').click();
  await drives(page);
  await page.getByTestId('surface').click({ position: { x: 4, y: 4 } });
  await page.getByTestId('way-out').waitFor();
}

/** Waits until the page drives, or does no more. */
export async function drives(page: Page, standing = 'driving'): Promise<void> {
  await page.locator(`[data-testid="control-status"][data-standing="${standing}"]`).waitFor();
}
