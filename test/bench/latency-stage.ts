import { openVirtualDisplay, type VirtualDisplay } from '../support/host/virtual-display.ts';
import { openTestBrowser, type TestBrowser } from '../support/browser/test-browser.ts';
import { waitFor } from '../support/wait-for.ts';
import { samplePicture } from '../support/browser/picture.ts';
import { findGatewayPlace, startGateway, type GatewayProcess } from './gateway-process.ts';
import { keepDraws } from './latency-draws.ts';
import { childrenOf } from './process-tree.ts';
import { runningSrs, startEngine, type MediaServer } from './media-server.ts';
import type { Page } from 'playwright-core';

/** Of the product's watch page. */
export const VIDEO = '[data-testid="video"]';
export const CANVAS = '[data-testid="canvas"]';
export type LatencyMode = 'webrtc' | 'websocket';

export interface StageOptions {
  /** A running SRS whose hooks go to `gatewayPort`; empty: the embedded engine. */
  readonly srsUrl: string;
  readonly srsPid: number | null;
  /** 0: any free one. */
  readonly gatewayPort: number;
  /** The browser has a screen, on which it shows pictures of this size pixel by pixel. */
  readonly onScreen?: { readonly width: number; readonly height: number };
}

/** What the watch page has above and below its picture, and the browser above the page. */
const PAGE_ROWS = 151;
const BROWSER_ROWS = 129;
const MORE_COLUMNS = 20;

/** A gateway with its node and a browser that watches. */
export class LatencyStage {
  readonly node: MediaServer;
  readonly gateway: GatewayProcess;
  readonly browser: TestBrowser;
  readonly #screen: VirtualDisplay | null;
  /** Roots of the process trees that every measurement uses. */
  readonly processes: Readonly<Record<string, number>>;
  #rooms = 0;

  private constructor(
    parts: Pick<LatencyStage, 'node' | 'gateway' | 'browser' | 'processes'>,
    screen: VirtualDisplay | null,
  ) {
    this.#screen = screen;
    this.node = parts.node;
    this.gateway = parts.gateway;
    this.browser = parts.browser;
    this.processes = parts.processes;
  }

  static async open(options: StageOptions): Promise<LatencyStage> {
    const place = await findGatewayPlace(options.gatewayPort || undefined);
    const node =
      options.srsUrl === ''
        ? await startEngine({ env: { ENGINE_HOOKS_URL: place.hooksUrl } })
        : runningSrs(options.srsUrl, options.srsPid, 0);
    const nodeUrl = options.srsUrl === '' ? node.apiUrl : options.srsUrl;
    const gateway = await startGateway(place, { nodeUrls: [nodeUrl] });
    const screen = await openScreen(options);
    const known = new Set(childrenOf(process.pid));
    const browser = await openBrowser(options, screen);
    const [viewer] = childrenOf(process.pid).filter((pid) => !known.has(pid));
    const processes = {
      gateway: gateway.pid,
      ...(node.pid === null ? {} : { [node.name]: node.pid }),
      ...(viewer === undefined ? {} : { 'watching Chromium': viewer }),
    };
    return new LatencyStage({ node, gateway, browser, processes }, screen);
  }

  /** The display of the browser; null: it is headless. */
  get screen(): string | null {
    return this.#screen?.name ?? null;
  }

  /** SRS holds the name of a publisher that was cut off: each run has a room of its own. */
  newRoom(): string {
    this.#rooms += 1;
    return `latency-${process.pid}-${this.#rooms}`;
  }

  /** The product's watch page of a room; resolves when it shows a picture. */
  async watch(room: string, mode: LatencyMode = 'webrtc'): Promise<Page> {
    const token = this.gateway.mint(room, ['watch'], 'viewer');
    const address = `${this.gateway.url}/watch/${room}?mode=${mode}#token=${token}`;
    const page = await this.browser.open('about:blank');
    await keepDraws(page);
    await page.goto(address);
    const selector = mode === 'webrtc' ? VIDEO : CANVAS;
    await waitFor(async () => (await samplePicture(page, selector)).hash !== 0, {
      timeoutMs: 20_000,
      what: `a picture of ${room}`,
    });
    return page;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#screen?.close();
    await this.gateway.close();
    await this.node.close();
  }
}

/** A page's picture fits on it pixel by pixel. */
async function openScreen({ onScreen }: StageOptions): Promise<VirtualDisplay | null> {
  if (onScreen === undefined) return null;
  const { width, height } = onScreen;
  return openVirtualDisplay({
    width: width + MORE_COLUMNS,
    height: height + PAGE_ROWS + BROWSER_ROWS,
  });
}

function openBrowser(
  { onScreen }: StageOptions,
  screen: VirtualDisplay | null,
): Promise<TestBrowser> {
  if (onScreen === undefined || screen === null) return openTestBrowser();
  const { width, height } = onScreen;
  const viewport = { width, height: height + PAGE_ROWS };
  const size = `${width + MORE_COLUMNS},${viewport.height + BROWSER_ROWS}`;
  const args = ['--window-position=0,0', `--window-size=${size}`];
  return openTestBrowser({ headed: true, display: screen.name, viewport, args });
}
