import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { chromiumPath } from '../browser/chromium-path.ts';
import { meterSound } from '../browser/heard-sound.ts';
import { openTestBrowser, type TestBrowser } from '../browser/test-browser.ts';
import { HostProcess } from '../host/host-process.ts';
import { UnansweredNode } from '../net/unanswered-node.ts';
import { WalledNetwork } from '../net/walled-network.ts';
import { GatewayProcess } from './gateway-process.ts';

/**
 * A gateway and a host on this machine, and Chromium behind a wall that can stop UDP, or, where
 * there can be none, with media servers that can cease to answer ICE.
 */
export class WalledStage {
  readonly gateway: GatewayProcess;
  readonly browser: TestBrowser;
  readonly wall: Pick<WalledNetwork, 'blockUdp' | 'allowUdp'>;
  /** Of the gateway, from behind the wall. */
  readonly url: string;
  readonly #network: WalledNetwork | null;
  #host: HostProcess | null = null;

  private constructor(parts: {
    gateway: GatewayProcess;
    browser: TestBrowser;
    network: WalledNetwork | null;
    wall: WalledStage['wall'];
    url: string;
  }) {
    this.gateway = parts.gateway;
    this.browser = parts.browser;
    this.wall = parts.wall;
    this.#network = parts.network;
    this.url = parts.url;
  }

  static open(hasWall: boolean): Promise<WalledStage> {
    return hasWall ? WalledStage.#behindWall() : WalledStage.#unanswered();
  }

  static async #unanswered(): Promise<WalledStage> {
    const gateway = await GatewayProcess.start();
    const browser = await openTestBrowser();
    const wall = new UnansweredNode();
    await wall.open(browser.context);
    await meterSound(browser.context);
    return new WalledStage({ gateway, browser, network: null, wall, url: gateway.url });
  }

  static async #behindWall(): Promise<WalledStage> {
    const wall = new WalledNetwork();
    const gateway = await GatewayProcess.start({
      HOST: '0.0.0.0',
      PLAIN_HTTP: 'private',
      MEDIA_CANDIDATE: wall.outside,
    });
    const url = new URL(gateway.url);
    url.hostname = wall.outside;
    const browser = await openTestBrowser({
      launcher: wall.launcher(await chromiumPath()),
      // Codecs and worklets are for secure contexts; there is no certificate here.
      args: [`--unsafely-treat-insecure-origin-as-secure=${url.origin}`],
    });
    await meterSound(browser.context);
    return new WalledStage({ gateway, browser, network: wall, wall, url: url.origin });
  }

  /** Starts a host and waits until it publishes; resolves with its room, a new one. */
  async publish(argv: readonly string[]): Promise<string> {
    const room = `walled-${randomBytes(4).toString('hex')}`;
    const CS_TOKEN = this.gateway.token({ sub: 'host', room, can: ['publish', 'host'] });
    const where = ['--gateway', this.gateway.url, '--room', room];
    this.#host = new HostProcess([...where, ...argv], { CS_TOKEN, CS_FPS: '30' });
    await this.#host.live();
    return room;
  }

  /** Opens the watch page, for instance with `mode=webrtc`. */
  watch(room: string, query = ''): Promise<Page> {
    const token = this.gateway.token({ sub: 'viewer', room, can: ['watch', 'control'] });
    return this.browser.open(`${this.url}/watch/${room}?${query}#token=${token}`);
  }

  /** Ends the host, which must end well, and every page; UDP passes again. */
  async clear(): Promise<void> {
    for (const page of this.browser.context.pages()) await page.close();
    this.wall.allowUdp();
    const host = this.#host;
    this.#host = null;
    if (host !== null) expect(await host.close(), host.output).toBe(0);
  }

  async close(): Promise<void> {
    await this.browser.close();
    expect(this.browser.pageErrors).toEqual([]);
    await this.gateway.close();
    this.#network?.close();
  }
}
