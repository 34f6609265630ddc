import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { openTestBrowser, type TestBrowser } from '../browser/test-browser.ts';
import { HostProcess } from '../host/host-process.ts';
import { GatewayProcess } from './gateway-process.ts';

/** A gateway, Chromium, and at most one host at a time. */
export class HostStage {
  readonly gateway: GatewayProcess;
  readonly browser: TestBrowser;
  #host: HostProcess | null = null;

  private constructor(gateway: GatewayProcess, browser: TestBrowser) {
    this.gateway = gateway;
    this.browser = browser;
  }

  static async open(): Promise<HostStage> {
    return new HostStage(await GatewayProcess.start(), await openTestBrowser());
  }

  get host(): HostProcess | null {
    return this.#host;
  }

  /** Starts a host and waits until it publishes; resolves with its room, a new one. */
  async publish(
    argv: readonly string[],
    settings: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const room = `host-${randomBytes(4).toString('hex')}`;
    const CS_TOKEN = this.gateway.token({ sub: 'host', room, can: ['publish'] });
    const where = ['--gateway', this.gateway.url, '--room', room];
    this.#host = new HostProcess([...where, ...argv], { CS_TOKEN, ...settings });
    await this.#host.live();
    return room;
  }

  watch(room: string): Promise<Page> {
    const token = this.gateway.token({ sub: 'viewer', room, can: ['watch'] });
    return this.browser.open(`${this.gateway.url}/watch/${room}#token=${token}`);
  }

  /** Ends the host, which must end well, and every page. */
  async clear(): Promise<void> {
    for (const page of this.browser.context.pages()) await page.close();
    const host = this.#host;
    this.#host = null;
    if (host !== null) expect(await host.close(), host.output).toBe(0);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.gateway.close();
  }
}
