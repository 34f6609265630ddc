import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { chromiumPath } from '../support/browser/chromium-path.ts';
import { openTestBrowser, type TestBrowser } from '../support/browser/test-browser.ts';
import { HostProcess } from '../support/host/host-process.ts';
import { Coturn } from '../support/ice/coturn.ts';
import { freeUdpPort } from '../support/net/free-port.ts';
import { UdpRelay } from '../support/net/udp-relay.ts';
import { WalledNetwork } from '../support/net/walled-network.ts';
import { GatewayProcess } from '../support/stage/gateway-process.ts';

const ROOM = `network-${randomBytes(4).toString('hex')}`;

interface Parts {
  readonly wall: WalledNetwork;
  readonly relay: UdpRelay;
  readonly browser: TestBrowser;
  readonly gateway: GatewayProcess;
  readonly coturn: Coturn;
  readonly host: HostProcess;
  /** Of the gateway, from inside. */
  readonly url: string;
}

/**
 * A gateway with its engine, coturn and the cube on this machine, and Chromium in a network of its
 * own, whose datagrams to the engine go through a relay that can lose, delay and re-address them.
 */
export class NetworkStage {
  readonly wall: WalledNetwork;
  readonly relay: UdpRelay;
  readonly turnPort: number;
  readonly browser: TestBrowser;
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.wall = parts.wall;
    this.relay = parts.relay;
    this.browser = parts.browser;
    this.turnPort = parts.coturn.port;
  }

  static async open(): Promise<NetworkStage> {
    const wall = new WalledNetwork();
    const { outside } = wall;
    const coturn = await Coturn.start({ TURN_LISTEN: outside, TURN_PEERS: outside });
    const mediaPort = await freeUdpPort();
    const gateway = await GatewayProcess.start({
      ...{ HOST: '0.0.0.0', PLAIN_HTTP: 'private' },
      ...{ MEDIA_CANDIDATE: outside, MEDIA_PORT: String(mediaPort) },
      TURN_URLS: coturn.url('udp'),
      TURN_SECRET: Coturn.SECRET,
    });
    const relay = await UdpRelay.open({
      ...{ targetHost: outside, targetPort: mediaPort, listenHost: outside },
    });
    wall.divertUdp(mediaPort, relay.port);
    const where = ['--gateway', gateway.url, '--room', ROOM];
    const CS_TOKEN = gateway.token({ sub: 'host', room: ROOM, can: ['publish', 'host'] });
    const host = new HostProcess(where, { CS_TOKEN, CS_FPS: '30', CS_BITRATE_KBPS: '1500' });
    await host.live();
    const { origin } = Object.assign(new URL(gateway.url), { hostname: outside });
    const browser = await openTestBrowser({
      launcher: wall.launcher(await chromiumPath()),
      // Codecs and worklets are for secure contexts; there is no certificate here.
      args: [`--unsafely-treat-insecure-origin-as-secure=${origin}`],
    });
    return new NetworkStage({ wall, coturn, gateway, relay, host, browser, url: origin });
  }

  /** Opens the watch page; a mode as in its address. */
  watch(mode: string): Promise<Page> {
    const token = this.#parts.gateway.token({ sub: 'viewer', room: ROOM, can: ['watch'] });
    return this.browser.open(`${this.#parts.url}/watch/${ROOM}?mode=${mode}#token=${token}`);
  }

  /** The network is as it was, and no page is left. */
  async heal(): Promise<void> {
    this.wall.allowUdp();
    this.relay.setToTarget({});
    this.relay.setToClients({});
    for (const page of this.browser.context.pages()) await page.close();
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#parts.host.close();
    await this.#parts.gateway.close();
    await this.#parts.coturn.close();
    await this.relay.close();
    this.wall.close();
  }
}
